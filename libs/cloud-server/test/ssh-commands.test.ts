import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer, type FarmUser } from '@alfa-cloud/testing';
import { connectSshServer, type CommandRequest, type SshCloudServer } from '../src/index.ts';

let farm: Farm;
let machine: FarmServer;
const servers = new Map<FarmUser, SshCloudServer>();

beforeAll(async () => {
  // The fewest sessions with which everything has to work.
  farm = await startFarm([{ sshd: ['MaxSessions 2'] }]);
  machine = farm.servers[0] as FarmServer;
  for (const username of ['alfa', 'ops', 'root'] as const) {
    const login = {
      credentials: async () => farm.keys.ed25519,
      host: machine.address,
      username,
      root: machine.root,
    };
    const server = connectSshServer(login);
    servers.set(username, server);
    // The deadlines of the tests are for commands, not for logins.
    await server.access.connect();
  }
});

afterAll(async () => {
  for (const server of servers.values()) await server.close();
  await farm?.dispose();
});

const run = (request: CommandRequest, options?: { deadlineMs?: number; signal?: AbortSignal }) =>
  as('alfa').commands.run(request, options);
const as = (user: FarmUser) => servers.get(user) as SshCloudServer;
const running = async (part: string) => (await machine.processes()).filter((line) => line.includes(part));

describe('a command', () => {
  test('gets its words as they are, its input whole, and gives its output and exit code', async () => {
    const word = `a 'b' "c" $HOME \`id\` \\ ; * \n-n`;
    expect((await run({ argv: ['printf', '%s', word] })).stdout).toBe(word);
    expect((await run({ argv: ['wc', '-c'], stdin: 'ü'.repeat(300_000) })).stdout).toBe('600000\n');
    const seen: string[] = [];
    const argv = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
    expect(await run({ argv, onOutput: (text) => seen.push(text) })).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
    expect(seen.sort()).toEqual(['err\n', 'out\n']);
    expect((await run({ argv: ['no-such-program'] })).exitCode).toBe(127);
    const long = await run({ argv: ['seq', '1', '100000'], outputMax: 100 });
    expect(long).toMatchObject({
      exitCode: 0,
      truncated: true,
      stdout: expect.stringMatching(/\n100000\n$/),
    });
  });

  test('that does not read its input ends all the same', async () => {
    expect((await run({ argv: ['true'], stdin: 'x'.repeat(5_000_000) })).exitCode).toBe(0);
  });

  test('that a signal has ended is no success', async () => {
    await expect(run({ argv: ['sh', '-c', 'kill -KILL $$'] })).rejects.toMatchObject({
      kind: 'transient',
      code: 'command_lost',
      message: 'The command sh was ended by SIGKILL',
    });
  });

  test('that was given up is gone from the server with its children', async () => {
    const argv = ['sh', '-c', 'sleep 5001 & sleep 5001'];
    await expect(run({ argv }, { deadlineMs: 2000 })).rejects.toMatchObject({
      kind: 'transient',
      code: 'deadline_exceeded',
    });
    expect(await running('sleep 5001')).toEqual([]);
  });

  test('that was cancelled is gone, even if it does not want to go', async () => {
    const cancelled = new AbortController();
    const argv = ['sh', '-c', `trap '' TERM; echo ready; while :; do sleep 5002; done`];
    const onOutput = () => cancelled.abort(new Error('enough'));
    await expect(run({ argv, onOutput }, { signal: cancelled.signal })).rejects.toThrow('enough');
    expect(await running('sleep 5002')).toEqual([]);
  });

  test.each<[FarmUser, string[]]>([
    ['ops', ['sudo', '-n', 'sleep', '5003']],
    ['root', ['sleep', '5003']],
  ])('of %s is ended too', async (user, argv) => {
    await expect(as(user).commands.run({ argv }, { deadlineMs: 2000 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(await running('sleep 5003')).toEqual([]);
  });

  test('is ended, however many others wait for a session', async () => {
    const cancelled = new AbortController();
    const long = run({ argv: ['sleep', '5005'] }, { signal: cancelled.signal });
    await eventually('the command', async () => (await running('sleep 5005')).length > 0);
    const others = [1, 2, 3].map((index) => run({ argv: ['echo', `${index}`] }));
    cancelled.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    expect(await running('sleep 5005')).toEqual([]);
    expect((await Promise.all(others)).map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
  });

  test('that is cancelled while it starts does not stay', async () => {
    for (let round = 0; round < 10; round += 1) {
      const cancelled = new AbortController();
      const started = run({ argv: ['sleep', '5004'] }, { signal: cancelled.signal });
      setTimeout(() => cancelled.abort(new Error('enough')), round * 2);
      await expect(started).rejects.toThrow('enough');
    }
    await eventually('all of them to be gone', async () => (await running('sleep 5004')).length === 0);
  });
});

test('many commands and files wait for one another where the server lets two sessions run', async () => {
  const work = Array.from({ length: 30 }, async (_, index) => {
    if (index % 3 === 0)
      await as('alfa').files.writeAtomic(`f${index}`, 'x', { mode: 0o600, deadlineMs: 50_000 });
    return (await run({ argv: ['sh', '-c', `sleep 0.1; echo ${index}`] })).stdout;
  });
  expect(await Promise.all(work)).toEqual(work.map((_, index) => `${index}\n`));
  const waiting = new AbortController();
  const long = [1, 2].map(() => run({ argv: ['sleep', '2'] }));
  const third = run({ argv: ['true'] }, { signal: waiting.signal });
  waiting.abort(new Error('no more'));
  await expect(third).rejects.toThrow('no more');
  await Promise.all(long);
});

/**
 * (g) One ssh connection under lasting work: in each round 200 files written, read and removed, while 20 followers read a container's output, 20
 * follow the engine's events and commands run there. Half of the followers are cut off, half of the commands given up. `ALFA_SOAK_S`: how long
 * (default 60 s). What is open is counted on the server, after each round, when nothing is asked for.
 */
import { connectSshServer, type SshCloudServer } from '@alfa-cloud/cloud-server';
import { startFarm, type FarmServer } from '@alfa-cloud/testing';
import { report } from './report.ts';

const files = 200;
const filesAtOnce = 20;
const followers = 20;
const commands = 20;
const seconds = Number(process.env['ALFA_SOAK_S'] ?? 60);
const container = 'alfa-soak';

await using farm = await startFarm([{ docker: true }]);
const machine = farm.servers[0] as FarmServer;
const server = connectSshServer({
  host: machine.address,
  username: 'alfa',
  credentials: async () => farm.keys.ed25519,
  root: machine.root,
});
const { docker } = machine.engine;
const created = await docker.createContainer({
  Image: 'alfa/nginx:1',
  name: container,
  Entrypoint: ['sh', '-c', 'while :; do echo tick; sleep 0.1; done'],
});
await created.start();

const eachOfMany = async (count: number, atOnce: number, act: (number: number) => Promise<void>) => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const useFile = async ({ files }: SshCloudServer, number: number): Promise<void> => {
  const path = `soak/file-${number}`;
  const content = `${number} `.repeat(1000);
  await files.writeAtomic(path, content, { mode: 0o600 });
  if ((await files.read(path)) !== content) throw new Error(`${path} is not what was written`);
  await files.removeFile(path);
};

const followOutput = async (lines: { count: number }, signal: AbortSignal): Promise<void> => {
  let after: string | undefined;
  while (!signal.aborted) {
    const wanted = { tail: 100, ...(after === undefined ? {} : { after }) };
    const read = await server.docker.outputLines(container, wanted);
    lines.count += read?.length ?? 0;
    after = read?.at(-1)?.at ?? after;
  }
};

const followEvents = async (number: number, signal: AbortSignal): Promise<void> => {
  const nothing = () => undefined;
  // One of two does not see the end of the round.
  const own = number % 2 === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(500)]);
  await server.docker.followEvents({ labels: [], signal: own, onOpen: nothing, onEvent: nothing });
};

const runCommand = async (number: number): Promise<void> => {
  if (number % 2 === 0) {
    await server.commands.run({ argv: ['sleep', '0.1'] });
    return;
  }
  const signal = AbortSignal.timeout(200);
  await server.commands.run({ argv: ['sleep', '60'] }, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

/** Connections to the engine's API on which somebody is on the other side. */
const apiConnections = async (): Promise<number> => {
  const lines = await machine.run('ss', '-Hxn', 'state', 'established');
  return lines.split('\n').filter((line) => /\/run\/docker\.sock .*\* [1-9]/.test(line)).length;
};
const sleepers = async (): Promise<number> =>
  (await machine.processes()).filter((line) => line === 'sleep 60').length;
/** What sshd holds open for us: a channel costs it a descriptor. */
const descriptorsOfSshd = async (): Promise<number> => {
  const count = 'for p in $(pgrep -x sshd); do ls /proc/$p/fd; done | wc -l';
  return Number(await machine.run('sh', '-c', count));
};

const lines = { count: 0 };
const round = async (): Promise<void> => {
  const over = new AbortController();
  const following = [
    ...Array.from({ length: followers }, () => followOutput(lines, over.signal)),
    ...Array.from({ length: followers }, (_, number) => followEvents(number, over.signal)),
  ];
  await Promise.all([
    eachOfMany(files, filesAtOnce, (number) => useFile(server, number)),
    eachOfMany(commands, commands, runCommand),
  ]);
  over.abort();
  await Promise.all(following);
};

await server.files.createDirectory('soak', { mode: 0o700 });
// The first round opens what is kept for later ones.
await round();
const look = async () => ({
  api: await apiConnections(),
  tcp: await machine.connections(),
  descriptors: await descriptorsOfSshd(),
  commandsLeft: await sleepers(),
  heapMb: process.memoryUsage().heapUsed / 1024 ** 2,
});
const first = await look();
const most = { ...first };
let last = first;
let rounds = 0;
for (const end = performance.now() + seconds * 1000; performance.now() < end; rounds += 1) {
  await round();
  last = await look();
  for (const key of Object.keys(most) as (keyof typeof most)[]) most[key] = Math.max(most[key], last[key]);
}
await server.close();

await report(
  'ssh-soak',
  `(g) ${rounds} rounds in ${seconds} s over one ssh connection: ${files} files, ${followers} readers of output (${lines.count} lines), ${followers} followers of events, ${commands} commands each`,
  [
    { when: 'after the first round', ...first },
    { when: 'most', ...most },
    { when: 'at the end', ...last },
  ],
  [
    { name: 'TCP connections to sshd', value: most.tcp, aim: '1', met: most.tcp === 1 },
    // Eight are kept for the next call.
    { name: 'connections to Docker left', value: most.api, aim: '≤ 8', met: most.api <= 8 },
    {
      name: 'descriptors of sshd gained',
      value: last.descriptors - first.descriptors,
      aim: '≤ 0',
      met: last.descriptors <= first.descriptors,
    },
    { name: 'commands left', value: most.commandsLeft, aim: '0', met: most.commandsLeft === 0 },
  ],
);

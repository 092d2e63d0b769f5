import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deriveId, mailIdOf, newId } from '@alfa-cloud/contracts';
import { endProcess, eventually, spawnBound } from '@alfa-cloud/testing';
import { startMailServer } from '@alfa-cloud/testing/mail';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { createCaller, type Caller } from './support/caller.ts';
import { ownerPassword, password, startMailWorld, type MailWorld } from './support/mail-world.ts';
import { openWay } from './support/watched-way.ts';

const program = fileURLToPath(new URL('./support/notifier-ahead.ts', import.meta.url));

const cleanup: (() => Promise<unknown>)[] = [];
/** All that notifiers wrote. */
let log = '';
let world: MailWorld;
let call: Caller;

beforeAll(async () => {
  world = await startMailWorld();
  cleanup.unshift(() => world.dispose());
  const cloud = createAlfaCloud(
    readAlfaCloudConfig({ ...world.env, ALFA_SERVICES: 'projector,api-gateway' }),
  );
  await cloud.start();
  cleanup.unshift(() => cloud.stop());
  call = createCaller(cloud.url, password);
});

afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const startNotifier = (env: Record<string, string>, aheadS: number): ChildProcess => {
  const child = spawnBound(process.execPath, ['--no-warnings', program], {
    env: { ...world.env, ...env, AHEAD_S: String(aheadS), ALFA_LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (log += text.toString()));
  return child;
};

test.each([
  ['before it hands the mail over', 1],
  ['when the mail server has the mail and has not answered', 2],
  ['when the mail server has answered and nobody has recorded it', 2],
] as const)('a notifier killed %s: the mail comes %i time(s), with one Message-ID', async (moment, times) => {
  let victim: ChildProcess | null = null;
  const dies = (at: string): boolean => {
    if (at !== moment || victim === null) return false;
    victim.kill('SIGKILL');
    victim = null;
    return true;
  };
  const taken: string[] = [];
  const mailServer = await startMailServer({
    onRcptTo(_address, _session, done) {
      if (!dies('before it hands the mail over')) done();
    },
    onData(stream, _session, done) {
      let raw = '';
      stream.on('data', (part: Buffer) => (raw += part.toString('latin1')));
      stream.on('end', () => {
        taken.push(/^Message-ID: (.*?)\r?$/m.exec(raw)?.[1] ?? 'none');
        if (!dies('when the mail server has the mail and has not answered')) done();
      });
    },
  });
  const store = new URL(String(world.env['ESDB_URL']));
  const way = await openWay(
    Number(store.port),
    (sent) =>
      !(sent.includes('MailSent') && dies('when the mail server has answered and nobody has recorded it')),
  );
  const env = {
    ESDB_URL: `esdb://127.0.0.1:${way.port}?tls=false`,
    ALFA_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  };
  const clientId = await world.addClient(call, `lab-${newId().slice(0, 8)}`, { sendSuccess: true });
  const mailId = mailIdOf(clientId, 'success', deriveId(clientId, 'creation'));
  const first = startNotifier(env, 0);
  victim = first;
  expect(await once(first, 'exit')).toEqual([null, 'SIGKILL']);
  // The time that the dead one had is over then.
  const second = startNotifier(env, 120);
  try {
    await eventually(
      'the mail is sent',
      async () => (await call('GET', `/mails/${mailId}`)).body.data?.attributes.status === 'sent',
      { timeoutMs: 60_000 },
    );
  } finally {
    await endProcess(second, 'SIGKILL');
    await mailServer.close();
    await way.close();
  }
  expect(taken).toEqual(Array.from({ length: times }, () => `<${mailId}@alfa.test>`));
});

test('neither a password nor an address stands in what a notifier writes, however much it is asked to', () => {
  expect(log.split('\n').length).toBeGreaterThan(6);
  expect(log).not.toContain(ownerPassword);
  expect(log).not.toContain('@lab.test');
});

import { afterEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createLogger } from '@alfa-cloud/service-kit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connectMessaging } from '@alfa-cloud/messaging';
import { newId, type Command, type CommandData, type CommandName } from '@alfa-cloud/contracts';
import { eventually, freePort, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { connect } from '@nats-io/transport-node';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { createCaller } from './support/caller.ts';

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const newDirectory = async (): Promise<string> => {
  const directory = await temporaryDirectory('alfa-product-');
  cleanup.unshift(() => directory.remove());
  return directory.path;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** `npm start` without npm. */
const startProduct = async (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['--no-warnings', 'embedded/src/main.ts'], {
    env: { PATH: process.env['PATH'], ...env },
  });
  cleanup.unshift(async () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually(
    'the product is ready',
    async () => (await fetch(`http://127.0.0.1:${env['ALFA_HTTP_PORT']}/health/ready`)).ok,
    { timeoutMs: 90_000 },
  );
  return {
    child,
    output: () => output,
    enginePids: () => [...output.matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid)),
  };
};

test('npm start: first password shown once; killed, it takes its engines along and comes back with everything', async () => {
  const port = await freePort();
  const env = {
    ALFA_DATA_DIR: await newDirectory(),
    ALFA_HTTP_PORT: String(port),
    ALFA_OPERATIONS_PORT: '0',
  };
  const first = await startProduct(env);
  const password = /First administrator: admin \/ (\S+)/.exec(first.output())?.[1] ?? '';
  expect(password.length).toBeGreaterThan(20);
  const call = createCaller(`http://127.0.0.1:${port}`, password);
  // Asked twice: the second question carries the position that the first answer told, with no event yet.
  for (let time = 0; time < 2; time += 1) expect((await call('GET', '/servers')).status).toBe(200);
  expect(first.enginePids()).toHaveLength(2);

  first.child.kill('SIGKILL');
  await eventually('the engines have ended', () => !first.enginePids().some(isAlive));
  const second = await startProduct(env);
  expect(second.output()).not.toContain('First administrator');
  expect((await call('GET', '/servers')).status).toBe(200);
  expect((await createCaller(`http://127.0.0.1:${port}`, 'wrong')('GET', '/servers')).status).toBe(401);

  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);
  expect(second.enginePids().some(isAlive)).toBe(false);
  for (const line of second.output().trim().split('\n'))
    expect(() => JSON.parse(line) as unknown).not.toThrow();
});

test('configuration that is not valid is named at once, and nothing stays behind', async () => {
  const child = spawn(process.execPath, ['--no-warnings', 'embedded/src/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      ALFA_DATA_DIR: await newDirectory(),
      ALFA_OPERATIONS_PORT: 'x',
      ALFA_SERVICES: 'projector',
    },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output).toContain('ALFA_OPERATIONS_PORT must be a whole number');
});

test('commands without a service yet, and messages that nobody understands, end as visible refusals', async () => {
  const nats = await startNatsServer();
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  const cloud = createAlfaCloud(
    readAlfaCloudConfig({
      PATH: process.env['PATH'],
      NATS_URL: nats.url,
      ALFA_DATA_DIR: await newDirectory(),
      ALFA_HTTP_PORT: '0',
      ALFA_OPERATIONS_PORT: '0',
      ALFA_ADMIN_PASSWORD: 'Correct-Horse-7',
      ALFA_LOG_LEVEL: 'silent',
    }),
  );
  cleanup.unshift(() => cloud.stop());
  await cloud.start();
  const messaging = await connectMessaging({
    url: nats.url,
    name: 'test',
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  cleanup.unshift(() => messaging.close());
  const send = <Name extends CommandName>(name: Name, data: CommandData<Name>) => {
    const id = newId();
    const command: Command<CommandData<Name>, Name> = {
      id,
      name,
      data,
      actor: 'test',
      correlationId: id,
      causationId: id,
      issuedAt: new Date().toISOString(),
      fingerprint: id,
    };
    return messaging.commands.send(command, { waitMs: 10_000 });
  };
  const refused = { kind: 'reply', reply: { outcome: 'rejected', faults: [{ code: 'no_build_server' }] } };
  expect(await send('BuildDev', {})).toMatchObject(refused);
  const unknown = { kind: 'reply', reply: { outcome: 'rejected', faults: [{ code: 'not_found' }] } };
  expect(await send('SendSuccess', { clientId: newId() })).toMatchObject(unknown);

  const connection = await connect({ servers: nats.url });
  cleanup.unshift(() => connection.close());
  const stream = jetstream(connection);
  for (const service of ['provisioner', 'builder', 'notifier']) {
    await stream.publish(`alfa.commands.${service}.Nonsense`, Buffer.from('{"not": a command'));
  }
  const call = createCaller(cloud.url, 'Correct-Horse-7');
  const rejected = await eventually('all are visible', async () => {
    const { body } = await call('GET', '/operations?filter[kind]=command.rejected');
    return body.meta.total === 3 ? body.data : undefined;
  });
  for (const { attributes } of rejected) {
    expect(attributes).toMatchObject({ status: 'error', error: { code: 'command_not_understood' } });
  }
  const manager = await jetstreamManager(connection);
  await eventually(
    'the queue is empty',
    async () => (await manager.streams.info('COMMANDS')).state.messages === 0,
  );
});

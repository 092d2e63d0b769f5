import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@alfa-cloud/client';
import { freePort } from '@alfa-cloud/testing';
import { createAlfaCloud } from './alfa-cloud.ts';
import { readAlfaCloudConfig } from './config.ts';
import { demoFarm, demoMachine, type DemoPlace } from './demo-places.ts';
import { createDemoClient, registerDemoServer, serverInWords } from './demo-story.ts';

const farmMax = 4;
const clientsOnFarm = 3;

/**
 * Demonstrates the product on this machine: starts engines, builds sample images, registers a server and creates a client; with `--farm 2` two
 * servers over ssh and three clients. Everything is kept in a temporary folder and in Docker, and removed at the end: at once with `--once`,
 * otherwise on Ctrl-C.
 */
const demo = async (options: { once: boolean; servers: number | null }): Promise<void> => {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const directory = await mkdtemp(join(tmpdir(), 'alfa-cloud-demo-'));
  const cleanup: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  try {
    const place: DemoPlace =
      options.servers === null
        ? await demoMachine(join(directory, 'server'), say)
        : await demoFarm(options.servers, say);
    cleanup.unshift(() => place.dispose());

    say('2/4 Alfa Cloud: event store, NATS and five services in one process');
    const password = process.env['ALFA_ADMIN_PASSWORD'] ?? randomBytes(12).toString('base64url');
    const cloud = createAlfaCloud(
      readAlfaCloudConfig({
        ALFA_LOG_LEVEL: 'warn',
        ...process.env,
        ALFA_DATA_DIR: join(directory, 'data'),
        ALFA_DATABASE_IMAGE: place.images.database,
        ALFA_PROXY_IMAGE: place.images.proxy,
        ALFA_HTTP_PORT: process.env['ALFA_HTTP_PORT'] ?? String(await freePort()),
        ALFA_OPERATIONS_PORT: '0',
        ALFA_ADMIN_LOGIN: 'admin',
        ALFA_ADMIN_PASSWORD: password,
        ...place.env,
      }),
    );
    // Before the place is cleared: the provisioner must not work on it any more.
    cleanup.unshift(() => cloud.stop());
    await cloud.start();
    say(`    API on ${cloud.url}, login admin, password ${password}`);
    say(`    Console on ${cloud.url}/console`);

    const alfa = createClient({ url: cloud.url, login: 'admin', password });
    say(`3/4 Registering ${place.title}`);
    const servers = [];
    for (const one of place.servers) {
      const server = await registerDemoServer(alfa, one, say, (id) => place.registered(id));
      servers.push({ ...one, server });
    }
    const count = options.servers === null ? 1 : clientsOnFarm;
    say(count === 1 ? '4/4 Creating a client' : `4/4 Creating ${count} clients`);
    const clients = [];
    for (let number = 1; number <= count; number += 1) {
      const on = servers[(number - 1) % servers.length];
      if (on === undefined) throw new Error('There is no server');
      const slug = count === 1 ? 'demo' : `demo-${number}`;
      const client = await createDemoClient(alfa, { ...on, slug, image: place.images.client }, say);
      clients.push(client);
      say('');
      say(`The client's cloud: ${client.address}`);
      if (on.address !== '127.0.0.1') say(`    by its address: ${client.curl}`);
      say(`    ${client.page}`);
    }
    if (options.servers !== null) {
      say('');
      for (const { server } of servers) say(`    ${await serverInWords(alfa, server.id)}`);
    }
    const [client] = clients;
    if (options.once || client === undefined) return;
    say('Try next:');
    say(`    curl -u admin:${password} ${cloud.url}/clients`);
    say(`    curl -u admin:${password} ${cloud.url}/clients/${client.id}/create_log`);
    say(
      `    curl -u admin:${password} -N -H 'Accept: text/event-stream' ${cloud.url}/operations/${client.operationId}/log`,
    );
    say('Ctrl-C ends the demo and removes everything that it made.');
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  } finally {
    say('Cleaning up');
    for (const step of cleanup) await step();
  }
};

const { values } = parseArgs({ options: { once: { type: 'boolean' }, farm: { type: 'string' } } });
const servers = values.farm === undefined ? null : Number(values.farm);
if (servers !== null && !(Number.isInteger(servers) && servers >= 1 && servers <= farmMax)) {
  process.stderr.write(`--farm takes the number of servers, 1 to ${farmMax}, not "${values.farm}"\n`);
  process.exitCode = 2;
} else {
  await demo({ once: values.once === true, servers });
}

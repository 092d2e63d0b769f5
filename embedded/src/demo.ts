import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDocker, ensureImages, freePort } from '@alfa-cloud/testing';
import { createApi } from './api.ts';
import { createAlfaCloud } from './alfa-cloud.ts';
import { readAlfaCloudConfig } from './config.ts';
import { removeServerContents } from './demo-cleanup.ts';
import { createDemoClient, registerDemoServer } from './demo-story.ts';

/**
 * Demonstrates the product on this machine: starts engines, builds sample images, registers a server and creates a client. Everything is kept in
 * a temporary folder and in Docker, and removed at the end: at once with `--once`, otherwise on Ctrl-C.
 */
const demo = async (once_: boolean): Promise<void> => {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const directory = await mkdtemp(join(tmpdir(), 'alfa-cloud-demo-'));
  const serverRoot = join(directory, 'server');
  const cleanup: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  try {
    say('1/4 Docker Engine and sample images');
    const docker = await ensureDocker({ log: (line) => say(`    ${line}`) });
    cleanup.unshift(() => docker.dispose());
    const images = await ensureImages({ socketPath: docker.socketPath, log: (line) => say(`    ${line}`) });

    say('2/4 Alfa Cloud: event store, NATS and five services in one process');
    const password = process.env['ALFA_ADMIN_PASSWORD'] ?? randomBytes(12).toString('base64url');
    const cloud = createAlfaCloud(
      readAlfaCloudConfig({
        ALFA_LOG_LEVEL: 'warn',
        ...process.env,
        ALFA_DATA_DIR: join(directory, 'data'),
        ALFA_SERVER_ROOT: serverRoot,
        ALFA_DOCKER_SOCKET: docker.socketPath,
        ALFA_DATABASE_IMAGE: images.database,
        ALFA_PROXY_IMAGE: images.proxy,
        ALFA_HTTP_PORT: process.env['ALFA_HTTP_PORT'] ?? String(await freePort()),
        ALFA_OPERATIONS_PORT: '0',
        ALFA_ADMIN_LOGIN: 'admin',
        ALFA_ADMIN_PASSWORD: password,
      }),
    );
    cleanup.unshift(() => cloud.stop());
    await cloud.start();
    say(`    API on ${cloud.url}, login admin, password ${password}`);

    const api = createApi({ url: cloud.url, login: 'admin', password });
    say('3/4 Registering this Docker Engine as a server');
    const server = await registerDemoServer(api, await freePort(), say, (serverId) => {
      const { socketPath } = docker;
      // After the product has stopped, since the provisioner must not work on it any more.
      cleanup.splice(1, 0, () => removeServerContents({ socketPath, serverRoot, serverId }));
    });
    say('4/4 Creating a client');
    const client = await createDemoClient(api, server, images.client, say);

    say('');
    say(`The client's cloud: ${client.address}`);
    say(`    ${client.page}`);
    if (once_) return;
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

await demo(process.argv.includes('--once'));

/**
 * (f) Docker calls through the pooled ssh connection against the local socket, dockerode's own ssh and `docker -H ssh://`, in turns, on one farm
 * server. A call is `GET /containers/{id}/json`; docker-cli's is `docker inspect`, a process for each.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { connectLocalServer, connectSshServer } from '@alfa-cloud/cloud-server';
import { startFarm, temporaryDirectory, type FarmServer } from '@alfa-cloud/testing';
import { report } from './report.ts';
import { median } from './support/rates.ts';

const rounds = 3;
const name = 'alfa-bench';
const execute = promisify(execFile);

interface Way {
  name: string;
  /** Calls one after the other in a round, and of those with eight side by side. */
  calls: number;
  call: () => Promise<unknown>;
}

const latencies = async ({ calls, call }: Way): Promise<number[]> => {
  const taken: number[] = [];
  for (let count = 0; count < calls; count += 1) {
    const began = performance.now();
    await call();
    taken.push(performance.now() - began);
  }
  return taken;
};

const perSecond = async ({ calls, call }: Way): Promise<number> => {
  const began = performance.now();
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return (calls * 1000) / (performance.now() - began);
};

await using farm = await startFarm([{ docker: true }]);
const machine = farm.servers[0] as FarmServer;
const login = { host: machine.address, username: 'alfa', ...farm.keys.ed25519 };
const pooled = connectSshServer({ ...login, credentials: async () => login, root: machine.root });
const local = connectLocalServer({ socketPath: machine.engine.socketPath, root: '/nonexistent' });
await machine.engine.docker.createContainer({ Image: 'alfa/nginx:1', name });

await using home = await temporaryDirectory();
const ssh = join(home.path, '.ssh');
await mkdir(ssh, { mode: 0o700 });
await writeFile(join(ssh, 'key'), login.privateKey, { mode: 0o600 });
await writeFile(
  join(home.path, 'ssh'),
  `#!/bin/sh\nexec /usr/bin/ssh -F none -i ${ssh}/key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$@"\n`,
  { mode: 0o755 },
);
const environment = { ...process.env, PATH: `${home.path}:${process.env['PATH']}`, HOME: home.path };
const ownSsh = (): Docker =>
  new Docker({
    protocol: 'ssh',
    host: login.host,
    port: 22,
    username: login.username,
    sshOptions: { privateKey: login.privateKey },
  });

const ways: Way[] = [
  { name: 'local socket', calls: 400, call: () => local.docker.container(name) },
  { name: 'pooled ssh', calls: 400, call: () => pooled.docker.container(name) },
  { name: "dockerode's own ssh", calls: 16, call: () => ownSsh().getContainer(name).inspect() },
  {
    name: 'docker -H ssh://',
    calls: 16,
    call: () =>
      execute('docker', ['-H', `ssh://${login.username}@${login.host}`, 'inspect', name], {
        env: environment,
      }),
  },
];

const measured = new Map(ways.map((way) => [way, { taken: [] as number[], rates: [] as number[] }]));
for (const way of ways) await way.call();
for (let round = 0; round < rounds; round += 1) {
  for (const [way, { taken, rates }] of measured) {
    taken.push(...(await latencies(way)));
    rates.push(await perSecond(way));
  }
}
const rows = [...measured].map(([way, { taken, rates }]) => ({
  way: way.name,
  'median ms': median(taken),
  'calls a second, 8 side by side': median(rates),
}));
const ms = (index: number) => rows[index]?.['median ms'] ?? 0;
const times = ms(1) / ms(0);
const better = ms(2) / ms(1);
await report('docker-over-ssh', 'Docker calls over ssh', rows, [
  { name: 'pooled ssh against the local socket', value: times, aim: '≤ 4', met: times <= 4 },
  { name: "dockerode's own ssh against pooled ssh", value: better, aim: '≥ 50', met: better >= 50 },
]);
await pooled.close();
await local.close();

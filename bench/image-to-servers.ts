/**
 * (k) An image to three servers over ssh: the product's way (read once, each server gets the layers that it lacks) against
 * `docker save | ssh docker load`, one server after the other. The servers have the base of the image, as they do after the first release.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectSshServer, createImageCarrier, type ImageFacts } from '@alfa-cloud/cloud-server';
import { startFarm, temporaryDirectory, type FarmServer } from '@alfa-cloud/testing';
import { report } from './report.ts';
import { median } from './support/rates.ts';

const rounds = 1;
const layerMb = 30;
const base = 'alfa/client:1';
const release = 'alfa/bench:1';

const farm = await startFarm(Array.from({ length: 4 }, () => ({ docker: true })));
await using started = new AsyncDisposableStack();
started.use(farm);
const directory = started.use(await temporaryDirectory());
const connect = (machine: FarmServer) => {
  const login = { host: machine.address, username: 'alfa', credentials: async () => farm.keys.ed25519 };
  const server = connectSshServer({ ...login, root: machine.root });
  started.defer(() => server.close());
  return server;
};
const [from, ...to] = farm.servers.map((machine) => ({ machine, server: connect(machine) }));
if (from === undefined) throw new Error('A farm has servers');
const { docker } = from.server;

/** A release on the base, with a layer of random bytes, which do not compress. */
const makeRelease = async (): Promise<ImageFacts> => {
  const made = await from.machine.engine.docker.createContainer({
    Image: base,
    Entrypoint: ['sh', '-c', `head -c ${layerMb}000000 /dev/urandom >/release`],
    Cmd: [],
    User: '0',
  });
  await made.start();
  await made.wait();
  const [repo, tag] = release.split(':');
  await made.commit({ repo, tag });
  await made.remove();
  const image = await docker.image(release);
  if (image === null) throw new Error('The release was not made');
  return image;
};

const ssh = join(directory.path, 'ssh');
await mkdir(ssh, { mode: 0o700 });
await writeFile(join(ssh, 'key'), farm.keys.ed25519.privateKey, { mode: 0o600 });
const sshTo = ({ address }: FarmServer): string =>
  `ssh -F none -i ${ssh}/key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null alfa@${address}`;

const shell = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}: ${line}`))));
  });

const forget = async (image: ImageFacts): Promise<void> => {
  for (const { server } of to) {
    for (const name of [release, image.id]) await server.docker.untagImage(name).catch(() => undefined);
  }
};
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const loop: number[] = [];
const carried: number[] = [];
let bytesSent = 0;
for (let round = 0; round < rounds; round += 1) {
  const image = await makeRelease();
  loop.push(
    await seconds(async () => {
      for (const { machine } of to) {
        await shell(`${sshTo(from.machine)} docker save ${release} | ${sshTo(machine)} docker load`);
      }
    }),
  );
  await forget(image);
  const carrier = createImageCarrier({ directory: join(directory.path, `round-${round}`), bytesMax: 1e10 });
  carried.push(
    await seconds(async () => {
      const all = to.map(({ server }) =>
        carrier.carry(
          { from: docker, to: server.docker, image },
          { signal: AbortSignal.timeout(600_000), deadlineMs: 600_000 },
        ),
      );
      for (const each of await Promise.all(all)) bytesSent = each.bytesSent;
    }),
  );
  await forget(image);
  await docker.untagImage(release);
}
const size = ((await docker.image(base))?.sizeBytes ?? 0) / 1e6 + layerMb;
const rows = [
  { way: 'docker save | ssh docker load, one after the other', 'median s': median(loop), 'MB to each': size },
  { way: 'carried, all at the same time', 'median s': median(carried), 'MB to each': bytesSent / 1e6 },
];
const share = median(carried) / median(loop);
await report('image-to-servers', 'An image with a shared base to three servers', rows, [
  { name: 'carried against the loop', value: share, aim: '≤ 0.5', met: share <= 0.5 },
]);

/**
 * (j) Storage of a client brought from one server to another, against `ssh a tar | ssh b tar`, in turns, between two farm servers. Half of it large files of
 * random bytes, half small ones. The same two commands joined by ssh2 in this process tell what of the difference is ssh2's.
 *
 * `npm run bench move-throughput`, with `ALFA_BENCH_MB` (200) and `ALFA_BENCH_ROUNDS` (3). Needs root, as it starts a farm.
 */
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectSshServer, type CloudServer } from '@alfa-cloud/cloud-server';
import { newId } from '@alfa-cloud/contracts';
import { labelsOf } from '@alfa-cloud/servers';
import { startFarm, temporaryDirectory, type FarmServer } from '@alfa-cloud/testing';
import type { ClientOnServer } from '../services/provisioner/src/on-server/client-on-server.ts';
import { clientNames, serverNames } from '../services/provisioner/src/on-server/names.ts';
import { copyStorage, verifyStorage } from '../services/provisioner/src/resources/transfer/storage.ts';
import { removeTransferContainer } from '../services/provisioner/src/resources/transfer/transfer-container.ts';
import { report } from './report.ts';
import { barePipe } from './support/bare-pipe.ts';
import { median } from './support/rates.ts';

const execute = promisify(execFile);
const megabytes = Number(process.env['ALFA_BENCH_MB'] ?? 200);
const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 3);
const smallBytes = 50_000;
const names = clientNames('bench', 'bench.test');
const clientId = newId();
const operationId = newId();
const io = { signal: new AbortController().signal, operationId };

await using farm = await startFarm([{ docker: true }, { docker: true }]);
const [here, there] = farm.servers as [FarmServer, FarmServer];
await using home = await temporaryDirectory();
const key = join(home.path, 'key');
await writeFile(key, farm.keys.ed25519.privateKey);
await chmod(key, 0o600);

const connect = (machine: FarmServer): CloudServer => {
  const login = { host: machine.address, username: 'alfa', credentials: async () => farm.keys.ed25519 };
  return connectSshServer({ ...login, root: machine.root });
};

/** What a transfer reads of a client. */
const sideOf = async (machine: FarmServer): Promise<ClientOnServer> => {
  const cloud = connect(machine);
  // Only its image is used here.
  await machine.engine.docker.createContainer({ Image: 'alfa/mariadb:10.11', name: serverNames.database });
  const server = { id: newId(), name: machine.address };
  const redact = (text: string) => text;
  return { cloud, names, client: { id: clientId }, server, redact } as unknown as ClientOnServer;
};

const emptyVolume = async ({ cloud, server }: ClientOnServer): Promise<void> => {
  await cloud.docker.removeVolume(names.volume);
  await cloud.docker.createVolume(names.volume, labelsOf({ serverId: server.id, clientId, operationId }));
};

const pathOf = async (machine: FarmServer): Promise<string> =>
  (await machine.engine.docker.getVolume(names.volume).inspect()).Mountpoint;

const ssh = (machine: FarmServer): string =>
  `ssh -q -i ${key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@${machine.address}`;

const secondsOf = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
};

const from = await sideOf(here);
const to = await sideOf(there);
await emptyVolume(from);
await emptyVolume(to);
const fill = `cd "$0"; for i in 1 2 3 4 5; do head -c ${megabytes / 10}M /dev/urandom > large-$i; done
  head -c ${megabytes / 2}M /dev/urandom | split -a 4 -b ${smallBytes} - small-`;
await here.run('bash', '-c', fill, await pathOf(here));

const taken = {
  pipe: [] as number[],
  bare: [] as number[],
  whole: [] as number[],
  first: [] as number[],
  rest: [] as number[],
};
for (let round = 0; round <= rounds; round += 1) {
  await emptyVolume(to);
  const [source, target] = [await pathOf(here), await pathOf(there)];
  const [send, receive] = [`tar -C ${source} -c .`, `tar -C ${target} -x && sync -f ${target}`];
  const line = `${ssh(here)} ${send} | ${ssh(there)} '${receive}'`;
  const pipe = await secondsOf(() => execute('bash', ['-c', line]));
  await emptyVolume(to);
  const login = ({ address }: FarmServer) => ({ host: address, privateKey: farm.keys.ed25519.privateKey });
  const bare = await secondsOf(() =>
    barePipe({ ...login(here), line: send }, { ...login(there), line: receive }),
  );
  await emptyVolume(to);
  const whole = await secondsOf(() => copyStorage(from, to, { operationId, pass: 'last' }, io));
  await removeTransferContainer(to, io);
  await emptyVolume(to);
  const first = await secondsOf(() => copyStorage(from, to, { operationId, pass: 'first' }, io));
  const rest = await secondsOf(async () => {
    await copyStorage(from, to, { operationId, pass: 'last' }, io);
    await verifyStorage(from, to, io);
  });
  for (const side of [from, to]) await removeTransferContainer(side, io);
  // The first round pays for what is connected and read from the disk.
  if (round === 0) continue;
  for (const [name, seconds] of Object.entries({ pipe, bare, whole, first, rest }))
    taken[name as keyof typeof taken].push(seconds);
}
await Promise.all([from.cloud.close(), to.cloud.close()]);

const rate = (seconds: readonly number[]): number => megabytes / median([...seconds]);
const share = rate(taken.whole) / rate(taken.pipe);
await report(
  'move-throughput',
  `Storage of ${megabytes} MB from server to server, MB/s (median of ${rounds})`,
  [
    { what: 'ssh a tar | ssh b tar', 'MB/s': rate(taken.pipe), seconds: median(taken.pipe) },
    { what: 'tar | tar by bare ssh2', 'MB/s': rate(taken.bare), seconds: median(taken.bare) },
    { what: 'one pass, on the disk', 'MB/s': rate(taken.whole), seconds: median(taken.whole) },
    { what: 'first pass with sums', 'MB/s': rate(taken.first), seconds: median(taken.first) },
    { what: 'last pass and verification', 'MB/s': rate(taken.rest), seconds: median(taken.rest) },
  ],
  [{ name: 'one pass against the pipe', value: share, aim: '≥ 0.8', met: share >= 0.8 }],
);

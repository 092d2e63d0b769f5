/**
 * (m) Answer times of clients while the engine that they run on builds an image. Visitors come at a steady pace, one after the other, to one client after the
 * other; in turns nothing is built, or a command of a build uses all processors that it gets. `ALFA_BENCH_ROUNDS` (3), `ALFA_BENCH_S` (20): seconds of each turn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGitRepository, eventually, rigImages } from '@alfa-cloud/testing';
import { clientDocument, finished, followCreation } from '../embedded/test/support/caller.ts';
import { startWorld } from '../embedded/test/support/world.ts';
import { report } from './report.ts';
import { median, percentile } from './support/rates.ts';

const rounds = Number(process.env['ALFA_BENCH_ROUNDS'] ?? 3);
const turnMs = Number(process.env['ALFA_BENCH_S'] ?? 20) * 1000;
const clientCount = 4;
const everyMs = 50;

await using started = new AsyncDisposableStack();
const repository = started.use(await createGitRepository());
const world = await startWorld({ env: { ALFA_GIT_FILE_URLS: 'true', ALFA_BACKUP_EVERY_H: '0' } });
started.defer(() => world.dispose());

/** As many loops as would use every processor of a machine of eight. */
const loops = `for n in 1 2 3 4 5 6 7 8; do php -r 'while (true) { hash("sha256", random_bytes(1000000)); }' & done; echo $((6 * 7)) begins; wait`;
await repository.commit('dev', { Dockerfile: `FROM ${rigImages.client}\nRUN ${loops}\n` });
await repository.git('branch', 'master');
const attributes = { url: repository.url };
const set = await world.call('PUT', '/repository', { data: { type: 'repositories', attributes } });
if (set.status !== 200) throw new Error(set.text);
const server = await world.register();
const addresses: string[] = [];
for (let number = 1; number <= clientCount; number += 1) {
  const { body, text } = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, `bench${number}`, rigImages.client),
  );
  if (body?.data === undefined) throw new Error(text);
  const created = await followCreation(world.call, body.data.id, 300_000);
  if (created.attributes.completed !== 'ok') throw new Error(JSON.stringify(created.attributes.error));
  addresses.push((await world.call('GET', `/clients/${body.data.id}`)).body.data.links.cloud);
}

/** Times of answers in one turn, ms. */
const visits = async (): Promise<number[]> => {
  const times: number[] = [];
  const begun = performance.now();
  while (performance.now() - begun < turnMs) {
    const sent = performance.now();
    const { status } = await world.visit(addresses[times.length % clientCount] ?? '', '/');
    if (status !== 200) throw new Error(`A client answered ${status}`);
    const took = performance.now() - sent;
    times.push(took);
    await sleep(Math.max(0, everyMs - took));
  }
  return times.sort((a, b) => a - b);
};

const whileBuilding = async (): Promise<number[]> => {
  const { body, text } = await world.call('POST', '/containers/build_dev');
  if (body?.data === undefined) throw new Error(text);
  const { id } = body.data as { id: string };
  await eventually(
    'the command runs',
    async () => (await world.call('GET', `/operations/${id}/log`)).text.includes('42 begins') || undefined,
    { timeoutMs: 120_000 },
  );
  const times = await visits();
  await world.call('POST', `/operations/${id}/cancel`);
  await finished(world.call, id);
  return times;
};

await visits();
const turns = { alone: [] as number[][], building: [] as number[][] };
for (let round = 0; round < rounds; round += 1) {
  turns.alone.push(await visits());
  turns.building.push(await whileBuilding());
}
const at = (sorted: number[][], share: number): number =>
  median(sorted.map((times) => percentile(times, share)));
const rows = Object.entries(turns).map(([what, times]) => ({
  what: what === 'alone' ? 'nothing is built' : 'an image is built',
  answers: times.flat().length,
  'p50 ms': at(times, 0.5),
  'p95 ms': at(times, 0.95),
  'p99 ms': at(times, 0.99),
}));
const slower = at(turns.building, 0.95) / at(turns.alone, 0.95);
await report(
  'build-isolation',
  `Answer times of ${clientCount} clients beside a build, medians of ${rounds} rounds`,
  rows,
  [{ name: 'p95 while an image is built against none', value: slower, aim: '≤ 1.1', met: slower <= 1.1 }],
);

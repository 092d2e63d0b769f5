/**
 * (h) A client created on a server over ssh, end to end: from the request over HTTP until its create log says that it is there. One after the other on
 * one farm server, whose images are there.
 *
 * `npm run bench create-over-ssh`, with `ALFA_BENCH_CLIENTS` (5). Needs root, as it starts a farm.
 */
import { report } from './report.ts';
import { startFarmWorld } from './support/farm-world.ts';
import { median } from './support/rates.ts';

const clients = Number(process.env['ALFA_BENCH_CLIENTS'] ?? 5);
const aim = 6;

await using bench = await startFarmWorld(1, 4);
const [server] = bench.servers;
if (server === undefined) throw new Error('There is no server');
// The first one pays for what is compiled and connected.
await bench.create(server, 'warm');
const taken: number[] = [];
for (let number = 1; number <= clients; number += 1) taken.push(await bench.create(server, `bench${number}`));
await report(
  'create-over-ssh',
  `A client created over ssh, seconds (${clients} one after the other)`,
  [{ median: median(taken), shortest: Math.min(...taken), longest: Math.max(...taken) }],
  [{ name: 'a client, end to end', value: median(taken), aim: `≤ ${aim} s`, met: median(taken) <= aim }],
);

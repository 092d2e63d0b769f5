import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operationOf } from '@alfa-cloud/contracts';
import { eventually, sampleOf, startFarm, walkExtent, type Farm } from '@alfa-cloud/testing';
import { finished, type Finished } from './support/caller.ts';
import { keepProvisionerRunning, type KeptProvisioner } from './support/kept-provisioner.ts';
import { onFarm } from './support/place.ts';
import {
  createTravellers,
  meetingPoint,
  type Part,
  type Site,
  type Traveller,
} from './support/travellers.ts';
import { startTroubledProvisioner, type TroubledProvisioner } from './support/troubled-provisioner.ts';
import { startWorld, type World } from './support/world.ts';

const extent = walkExtent(process.env, new Date());
const slugs = ['ada', 'ben', ...(extent.isFull ? ['cyd', 'dan', 'eve', 'fay'] : [])];

let farm: Farm;
let world: World;
let troubled: TroubledProvisioner | undefined;
let kept: KeptProvisioner | undefined;
let sites: [Site, Site];
let people: ReturnType<typeof createTravellers>;
let travellers: Traveller[];

beforeAll(async () => {
  farm = await startFarm([{ docker: true }, { docker: true }]);
  sites = farm.servers.map((machine) => ({ machine, place: onFarm(farm, machine), serverId: '' })) as [
    Site,
    Site,
  ];
  world = await startWorld({
    place: sites[0].place,
    services: 'projector,builder,notifier,api-gateway',
    env: { ALFA_BACKUP_EVERY_H: '0', ALFA_MOVE_WATCH_INTERVAL_S: '1', ALFA_LOG_LEVEL: 'fatal' },
  });
  troubled = await startTroubledProvisioner(world);
  await Promise.all(
    sites.map(async (site, index) => {
      const name = ['one', 'two'][index] ?? '';
      const { connection } = site.place;
      site.serverId = (await world.register({ connection, name, domain: `${name}.localhost` })).id;
    }),
  );
  people = createTravellers(world, sites);
  travellers = await Promise.all(slugs.map((slug) => people.create(sites[0], slug)));
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all((sites ?? []).map(({ place }) => place.dispose()));
  await farm?.dispose();
}, 90_000);

/** Of a move: which server's cable is cut when its steps begin, and for how long. */
interface Cut {
  of: 'source' | 'target';
  ms: number;
}
const cuts: Cut[] = [75_000, 5000].flatMap((ms) => [
  { of: 'target' as const, ms },
  { of: 'source' as const, ms },
]);
/** Steps of a move, in their order; those of a group meet with trouble together, each with a client of its own. */
const groups = [
  ['check', 'image', 'reserve', 'target', 'storage', 'vhost'],
  ['page', 'stop', 'storage_rest', 'database', 'verify', 'start'],
  ['repoint', 'open', 'settings', 'forward', 'reachable'],
];
/** Those behind the page first. */
const order = [1, 2, 0];
interface Round {
  group: string[];
  cut: Cut;
}
const rounds: Round[] = cuts.flatMap((cut) => order.map((index) => ({ group: groups[index] ?? [], cut })));

/** What happens in the middle of a transfer from one server to the other. */
interface Trouble {
  what: string;
  part: Part;
  strike: (from: Site, to: Site) => Promise<void>;
}

const sshd = async ({ machine }: Site) => {
  await machine.killSshd();
  await pause(2000);
  await machine.startSshd();
};
const cable = async ({ machine }: Site, ms: number) => {
  await machine.cutCable();
  await pause(ms);
  await machine.mendCable();
};
const dockerd = async ({ machine: { engine } }: Site, end: 'kill' | 'stop') => {
  await engine[end]();
  await pause(3000);
  await engine.start();
};
const killed = async () => kept?.kill();
const troubles: Trouble[] = [
  { what: 'the provisioner is killed', part: 'storage', strike: killed },
  { what: 'the provisioner is killed', part: 'database', strike: killed },
  { what: 'sshd of the target is killed', part: 'storage', strike: (_, to) => sshd(to) },
  { what: 'sshd of the source is killed', part: 'database', strike: (from) => sshd(from) },
  { what: 'dockerd of the target is killed', part: 'storage', strike: (_, to) => dockerd(to, 'kill') },
  { what: 'dockerd of the target is stopped', part: 'database', strike: (_, to) => dockerd(to, 'stop') },
  { what: 'the cable of the target is cut', part: 'database', strike: (_, to) => cable(to, 75_000) },
  { what: 'the cable of the source is cut', part: 'storage', strike: (from) => cable(from, 75_000) },
];

const connected = async ({ serverId }: Site) =>
  eventually(
    'the product is connected',
    async () =>
      (await world.call('GET', `/servers/${serverId}`)).body.meta?.link?.status === 'up' || undefined,
    { timeoutMs: 120_000 },
  );

const other = (site: Site): Site => (site === sites[0] ? sites[1] : sites[0]);

test('no step of a move is left out', () => {
  expect(groups.flat().toSorted()).toEqual(Object.keys(operationOf('client.move').steps).toSorted());
});

/** Moves, each held at a step of its own until all are there; then a cable is cut. */
const throughCut = async ({ group, cut }: Round): Promise<void> => {
  await Promise.all(travellers.map(people.settled));
  const homes = await Promise.all(travellers.map(people.home));
  const from = homes[0] as Site;
  const those = travellers.filter((_, index) => homes[index] === from);
  const meant = sampleOf(group, those.length, extent.seed);
  const there = those.slice(0, meant.length);
  const to = other(from);
  const { machine } = cut.of === 'source' ? from : to;
  const meeting = meetingPoint(there.length, async () => {
    await machine.cutCable();
    void pause(cut.ms).then(() => machine.mendCable());
  });
  const ends = await Promise.all(
    there.map(async (traveller, index) => {
      const step = meant[index] as string;
      const key = randomUUID();
      const armed = (troubled as TroubledProvisioner).arm(key, {
        step,
        moment: 'started',
        strike: () => meeting.arrive(),
      });
      const written = people.write(from, traveller);
      const path = `/clients/move_to?clientId=${traveller.id}&targetServer=${to.serverId}&holdHours=0`;
      const begun = Date.now();
      const answer = await world.call('POST', path, undefined, { 'idempotency-key': key });
      expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
      const end = await finished(world.call, armed.operationId, 900_000);
      await written();
      return { ...told(step, end), struck: armed.struck, seconds: Math.round((Date.now() - begun) / 1000) };
    }),
  );
  console.info(JSON.stringify(ends, null, 1));
  await Promise.all(sites.map(connected));
  for (const traveller of travellers) await people.expectWhole(traveller);
  await people.expectNothingElse(travellers);
  expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'ok'));
};

/** A move that meets with trouble in the middle of a stream. */
const throughTrouble = async ({ part, strike }: Trouble): Promise<void> => {
  if (kept === undefined) {
    await troubled?.stop();
    kept = keepProvisionerRunning(world, 'walk', []);
  }
  await Promise.all(travellers.map(people.settled));
  const [traveller] = travellers as [Traveller];
  const from = await people.home(traveller);
  const to = other(from);
  const written = people.write(from, traveller);
  // So slow that the middle is met.
  await to.machine.slowDown(4000);
  const path = `/clients/move_to?clientId=${traveller.id}&targetServer=${to.serverId}&holdHours=0`;
  const answer = await world.call('POST', path);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  await people.underWay(to, traveller, part);
  await strike(from, to);
  await to.machine.speedUp();
  const end = await finished(world.call, answer.body.data.id, 600_000);
  await written();
  console.info(JSON.stringify(told(part, end), null, 1));
  await Promise.all(sites.map(connected));
  for (const each of travellers) await people.expectWhole(each);
  await people.expectNothingElse(travellers);
  expect([end.status, end.error]).toEqual(['ok', null]);
};

const told = (step: string, { status, error, result, steps: taken }: Finished) => ({
  step,
  taken: taken.map(({ name, durationMs }) => `${name} ${durationMs}`).join(' '),
  status,
  code: error?.code ?? null,
  reason: error?.reason.slice(0, 300) ?? null,
  closedMs: result?.['closedMs'] ?? null,
});

const walks = [
  ...rounds.map((round) => ({
    title: `cable of the ${round.cut.of} away for ${round.cut.ms} ms at ${round.group.join(', ')}`,
    isShort: round.cut.ms < 10_000,
    go: () => throughCut(round),
  })),
  ...troubles.map((trouble) => ({
    title: `${trouble.what} while the ${trouble.part} is on its way`,
    isShort: !trouble.what.includes('cable'),
    go: () => throughTrouble(trouble),
  })),
];
const chosen = extent.isFull
  ? walks
  : sampleOf(
      walks.filter(({ isShort }) => isShort),
      1,
      extent.seed,
    );

test.each(chosen)(
  `a client moves with all that it has: $title (ALFA_TEST_SEED=${extent.seed})`,
  ({ go }) => go(),
  1_200_000,
);

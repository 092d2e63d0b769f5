import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operationOf } from '@alfa-cloud/contracts';
import { eventually, sampleOf, startFarm, walkExtent, type Farm } from '@alfa-cloud/testing';
import { act, finished, type Operation } from './support/caller.ts';
import { keepProvisionerRunning, type KeptService } from './support/kept-service.ts';
import { onFarm } from './support/place.ts';
import { copyGroups, cutRounds, moveGroups, type Round, type Way } from './support/transfer-rounds.ts';
import {
  copySlug,
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
/** One of these is at work. */
let troubled: TroubledProvisioner | undefined;
let kept: KeptService | undefined;
let sites: [Site, Site];
let people: ReturnType<typeof createTravellers>;
let travellers: Traveller[];

beforeAll(
  async () => {
    farm = await startFarm(Array.from({ length: 2 }, () => ({ docker: true, volumesMb: 1000 })));
    sites = farm.servers.map((machine) => ({ machine, place: onFarm(farm, machine), serverId: '' })) as [
      Site,
      Site,
    ];
    world = await startWorld({
      place: sites[0].place,
      services: 'projector,builder,notifier,api-gateway',
      env: {
        ALFA_BACKUP_EVERY_H: '0',
        ALFA_MOVE_WATCH_INTERVAL_S: '1',
        ALFA_LOG_LEVEL: 'fatal',
        // All clients of a round meet before a cable is cut.
        ALFA_OPERATIONS_PER_SERVER: String(slugs.length),
      },
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
  },
  extent.isFull ? 900_000 : 300_000,
);
afterAll(async () => {
  await world?.dispose();
  await Promise.all((sites ?? []).map(({ place }) => place.dispose()));
  await farm?.dispose();
}, 90_000);

const troubledAtWork = async (): Promise<TroubledProvisioner> => {
  await kept?.stop();
  kept = undefined;
  troubled ??= await startTroubledProvisioner(world);
  return troubled;
};
const keptAtWork = async (): Promise<void> => {
  await troubled?.stop();
  troubled = undefined;
  kept ??= keepProvisionerRunning(world, 'walk', []);
};

/** What happens in the middle of a transfer from one server to the other. */
interface Trouble {
  what: string;
  way: Way;
  part: Part;
  strike: (from: Site, to: Site) => Promise<void>;
  /** Code with which the operation fails; default: it ends well. */
  fails?: string;
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
  { what: 'the provisioner is killed', way: 'move', part: 'storage', strike: killed },
  { what: 'the provisioner is killed', way: 'move', part: 'database', strike: killed },
  { what: 'sshd of the target is killed', way: 'move', part: 'storage', strike: (_, to) => sshd(to) },
  { what: 'sshd of the source is killed', way: 'move', part: 'database', strike: (from) => sshd(from) },
  {
    what: 'dockerd of the target is killed',
    way: 'move',
    part: 'storage',
    strike: (_, to) => dockerd(to, 'kill'),
  },
  {
    what: 'dockerd of the target is stopped',
    way: 'move',
    part: 'database',
    strike: (_, to) => dockerd(to, 'stop'),
  },
  {
    what: 'the cable of the target is cut',
    way: 'move',
    part: 'database',
    strike: (_, to) => cable(to, 75_000),
  },
  {
    what: 'the cable of the source is cut',
    way: 'move',
    part: 'storage',
    strike: (from) => cable(from, 75_000),
  },
  { what: 'the provisioner is killed', way: 'copy', part: 'storage', strike: killed },
  { what: 'the provisioner is killed', way: 'copy', part: 'database', strike: killed },
  ...(['move', 'copy'] as const).flatMap((way) =>
    (['storage', 'database'] as const).map((part) => ({
      what: 'the disk of the target is full',
      way,
      part,
      strike: (_: Site, to: Site) => to.machine.fillVolumes(),
      fails: 'disk_full',
    })),
  ),
];

const connected = async ({ serverId }: Site) =>
  eventually(
    'the product is connected',
    async () =>
      (await world.call('GET', `/servers/${serverId}`)).body.meta?.link?.status === 'up' || undefined,
    { timeoutMs: 120_000 },
  );

const other = (site: Site): Site => (site === sites[0] ? sites[1] : sites[0]);

/** The request that brings a client, or a copy of it, to a server. */
const pathOf = (way: Way, { id }: Traveller, { serverId }: Site): string =>
  way === 'move'
    ? `/clients/move_to?clientId=${id}&targetServer=${serverId}&holdHours=0`
    : `/clients/${id}/copy_to?targetServer=${serverId}`;

/**
 * All of them are on one server, and the other one takes what is to come: clients, or copies of them as a stage server.
 * @returns the server that they are on
 */
const gathered = async (way: Way): Promise<Site> => {
  await Promise.all(travellers.map(people.settled));
  const homes = await Promise.all(travellers.map(people.home));
  await Promise.all(
    travellers.map((traveller, index) => people.forgetWrites(homes[index] as Site, traveller)),
  );
  const from = homes[0] as Site;
  for (const traveller of travellers.filter((_, index) => homes[index] !== from)) {
    expect((await act(world.call, 'POST', pathOf('move', traveller, from))).status).toBe('ok');
    await people.settled(traveller);
  }
  const { serverId: id } = other(from);
  const role = way === 'move' ? 'production' : 'stage';
  const isReady = async () => {
    const { attributes } = (await world.call('GET', `/servers/${id}`)).body.data;
    return attributes.role === role && attributes.status === 'ready';
  };
  if (!(await isReady())) {
    await world.call('PATCH', `/servers/${id}`, { data: { type: 'servers', id, attributes: { role } } });
    await eventually(`the other server is of role ${role}`, isReady, { timeoutMs: 180_000 });
  }
  return from;
};

/** Clients and servers are as they should be; copies are looked at, and removed again. */
const expectAllWell = async (way: Way, there: readonly Traveller[], ends: readonly Operation[]) => {
  await Promise.all(sites.map(connected));
  for (const traveller of travellers) await people.expectWhole(traveller);
  if (way === 'copy') {
    await Promise.all(
      ends.map(async ({ status, result }, index) => {
        if (status !== 'ok') return;
        const traveller = there[index] as Traveller;
        const copyId = String(result?.['clientId']);
        await people.expectCopied(traveller, other(await people.home(traveller)), copyId);
        const path = `/clients/${copyId}?confirm=${copySlug(traveller)}&withoutBackup=true`;
        expect((await act(world.call, 'DELETE', path)).status).toBe('ok');
      }),
    );
  }
  await people.expectNothingElse(travellers);
};

test('no step of a move or a copy is left out', () => {
  const stepsOf = (kind: 'client.move' | 'client.copy') => Object.keys(operationOf(kind).steps);
  expect(moveGroups.flat().toSorted()).toEqual(stepsOf('client.move').toSorted());
  // Nothing is masked here.
  expect([...copyGroups.flat(), 'mask'].toSorted()).toEqual(stepsOf('client.copy').toSorted());
});

/** Each is held at a step of its own until all are there; then cables are cut. */
const throughCut = async ({ way, group, cut, failing = [] }: Round): Promise<void> => {
  const provisioner = await troubledAtWork();
  const from = await gathered(way);
  const to = other(from);
  const meant = sampleOf(group, travellers.length, extent.seed);
  const there = travellers.slice(0, meant.length);
  const machines = cut.of.map((side) => (side === 'source' ? from : to).machine);
  const meeting = meetingPoint(there.length, async () => {
    await Promise.all(machines.map((machine) => machine.cutCable()));
    void pause(cut.ms).then(() => Promise.all(machines.map((machine) => machine.mendCable())));
  });
  const ends = await Promise.all(
    there.map(async (traveller, index) => {
      const step = meant[index] as string;
      const key = randomUUID();
      const armed = provisioner.arm(key, { step, moment: 'started', strike: () => meeting.arrive() });
      const written = way === 'move' ? people.write(from, traveller) : async () => {};
      const begun = Date.now();
      const answer = await world.call('POST', pathOf(way, traveller, to), undefined, {
        'idempotency-key': key,
      });
      expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
      const end = await finished(world.call, armed.operationId, 900_000);
      await written();
      const seconds = Math.round((Date.now() - begun) / 1000);
      return { step, end, told: { ...told(step, end), struck: armed.struck, seconds } };
    }),
  );
  console.info(
    JSON.stringify(
      ends.map((each) => each.told),
      null,
      1,
    ),
  );
  await expectAllWell(
    way,
    there,
    ends.map(({ end }) => end),
  );
  expect(ends.map(({ step, end }) => [step, end.status])).toEqual(
    ends.map(({ step }) => [step, failing.includes(step) ? 'error' : 'ok']),
  );
};

/** One that meets with trouble in the middle of a stream. */
const throughTrouble = async ({ way, part, strike, fails }: Trouble): Promise<void> => {
  await keptAtWork();
  const from = await gathered(way);
  const to = other(from);
  const [traveller] = travellers as [Traveller];
  const written = way === 'move' ? people.write(from, traveller) : async () => {};
  // So slow that the middle is met.
  await to.machine.slowDown(4000);
  const answer = await world.call('POST', pathOf(way, traveller, to));
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  await people.underWay(to, way === 'move' ? traveller : { slug: copySlug(traveller) }, part);
  await strike(from, to);
  await to.machine.speedUp();
  const end = await finished(world.call, answer.body.data.id, 600_000);
  await written();
  console.info(JSON.stringify(told(part, end), null, 1));
  if (fails !== undefined) await to.machine.emptyVolumes();
  await expectAllWell(way, [traveller], [end]);
  expect([end.status, end.error?.code]).toEqual(fails === undefined ? ['ok', undefined] : ['error', fails]);
  if (fails === undefined) return;
  expect(end.error?.reason).toContain('no room on the disk');
  const again = way === 'move' ? `/operations/${end.id}/retry` : pathOf(way, traveller, to);
  const second = await act(world.call, 'POST', again);
  expect([second.status, second.error]).toEqual(['ok', null]);
  await expectAllWell(way, [traveller], [second]);
};

const told = (step: string, { status, error, result, steps: taken }: Operation) => ({
  step,
  taken: taken.map(({ name, durationMs }) => `${name} ${durationMs}`).join(' '),
  status,
  code: error?.code ?? null,
  reason: error?.reason.slice(0, 300) ?? null,
  closedMs: result?.['closedMs'] ?? null,
});

const walks = [
  ...cutRounds.map((round) => ({
    title: `${round.way}: cable of ${round.cut.of.join(' and ')} away for ${round.cut.ms} ms at ${round.group.join(', ')}`,
    isShort: round.cut.ms < 10_000,
    go: () => throughCut(round),
  })),
  ...troubles.map((trouble) => ({
    title: `${trouble.way}: ${trouble.what} while the ${trouble.part} is on its way`,
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
  `a client goes with all that it has: $title (ALFA_TEST_SEED=${extent.seed})`,
  ({ go }) => go(),
  2_400_000,
);

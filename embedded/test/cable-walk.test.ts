import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { operationOf, type OperationKind } from '@alfa-cloud/contracts';
import { inventory, type Inventory } from '@alfa-cloud/provisioner';
import { eventually, sampleOf, startFarm, walkExtent, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { factOf, visit } from './support/browser.ts';
import { clientDocument, finished, registerServer, type Resource } from './support/caller.ts';
import { onFarm, type Place } from './support/place.ts';
import {
  startTroubledProvisioner,
  type Trouble,
  type TroubledProvisioner,
} from './support/troubled-provisioner.ts';
import { startWorld, type World } from './support/world.ts';

/** Longer than a silent connection is believed in (12 s). */
const cutMs = 15_000;
/** In which commands go on that nobody listens to. */
const sshdAwayMs = 2000;

const extent = walkExtent(process.env, new Date());

const steps = (kind: OperationKind): string[] => Object.keys(operationOf(kind).steps);

/** Where trouble may come: each step of an operation, at each moment, of each kind. */
interface Point {
  step: string;
  moment: Trouble['moment'];
  trouble: 'cable' | 'sshd';
}

const points = (kind: OperationKind): Point[] =>
  steps(kind).flatMap((step) =>
    (['started', 1, 2, 3, 'acted'] as const).flatMap((moment) =>
      (['cable', 'sshd'] as const).map((trouble) => ({ step, moment, trouble })),
    ),
  );

/** The life of a client, with one trouble in each of these. */
const walked = [
  'client.create',
  'client.switch',
  'client.migrate',
  'client.restore',
  'client.delete',
] as const;
type Walked = (typeof walked)[number];
type Plan = Record<Walked, Point>;

/** Lives that go through all points, or as many as asked for. Kinds that have fewer points begin again. */
const plans = (count: number): Plan[] => {
  const chosen = walked.map((kind) => {
    const all = points(kind);
    return [kind, extent.isFull ? all : sampleOf(all, count, `${extent.seed} ${kind}`)] as const;
  });
  const lives = Math.max(...chosen.map(([, each]) => each.length));
  return Array.from(
    { length: lives },
    (_, life) => Object.fromEntries(chosen.map(([kind, each]) => [kind, each[life % each.length]])) as Plan,
  );
};

let farm: Farm;
let world: World;
let provisioner: TroubledProvisioner;
let lanes: { machine: FarmServer; place: Place; serverId: string }[];

beforeAll(async () => {
  farm = await startFarm(Array.from({ length: extent.isFull ? 3 : 2 }, () => ({ docker: true })));
  const places = farm.servers.map((machine) => onFarm(farm, machine));
  world = await startWorld({
    place: places[0] as Place,
    services: 'projector,builder,notifier,api-gateway',
    env: { ALFA_BACKUP_EVERY_H: '0', ALFA_LOG_LEVEL: 'fatal' },
  });
  provisioner = await startTroubledProvisioner(world);
  lanes = await Promise.all(
    places.map(async (place, index) => {
      const { connection } = place;
      const domain = `lane${index}.localhost`;
      const { id } = await registerServer(world.call, { connection, name: domain, domain });
      return { machine: farm.servers[index] as FarmServer, place, serverId: id };
    }),
  );
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all((lanes ?? []).map(({ place }) => place.dispose()));
  await farm?.dispose();
});

type Lane = (typeof lanes)[number];

/** Makes the trouble; what ends it is kept, to be waited for. */
const troubleOn = ({ machine }: Lane, { step, moment, trouble }: Point, ends: Promise<void>[]): Trouble => ({
  step,
  moment,
  async strike() {
    await (trouble === 'cable' ? machine.cutCable() : machine.killSshd());
    const end = async () => {
      await pause(trouble === 'cable' ? cutMs : sshdAwayMs);
      await (trouble === 'cable' ? machine.mendCable() : machine.startSshd());
    };
    ends.push(end());
  },
});

/** Sends a request whose operation meets with trouble, and waits for both to end. */
const throughTrouble = async (
  lane: Lane,
  point: Point,
  [method, path, body]: [string, string, unknown?],
): Promise<Resource> => {
  const key = randomUUID();
  const ends: Promise<void>[] = [];
  const armed = provisioner.arm(key, troubleOn(lane, point, ends));
  const answer = await world.call(method, path, body, { 'idempotency-key': key });
  expect([answer.status, answer.headers.get('content-location')]).toEqual([
    202,
    `/operations/${armed.operationId}`,
  ]);
  const end = await finished(world.call, armed.operationId, 400_000);
  await Promise.all(ends);
  await connectedAgain(lane);
  expect([armed.struck, end.status, end.error]).toEqual([true, 'ok', null]);
  return answer.body.data;
};

/** A trouble after the last step leaves the product's connection to be made anew, and until then what looks at the server first is refused. */
const connectedAgain = ({ serverId }: Lane): Promise<true> =>
  eventually(
    'the product is connected again',
    async () => {
      const { meta } = (await world.call('GET', `/servers/${serverId}`)).body;
      return meta?.link?.status === 'up' || undefined;
    },
    { timeoutMs: 90_000 },
  );

const backupsOn = async ({ machine }: Lane): Promise<string[]> => {
  const found = await machine.run('find', `${machine.root}/backups`, '-type', 'f', '-printf', '%P\n');
  return found.split('\n').filter((name) => name !== '');
};

/** Our own connection has had the same trouble. */
const inventoryOf = ({ place }: Lane): Promise<Inventory> =>
  eventually('the server can be looked at', () => inventory(place.server), { timeoutMs: 90_000 });

/** Nothing lost, doubled or left over: what is on the server is what a client has, and what is told of it. */
const expectWhole = async (lane: Lane, slug: string, id: string) => {
  expect(await inventoryOf(lane)).toEqual({
    containers: [`alfa-${slug}`, 'alfa-database', 'alfa-proxy'].sort(),
    volumes: [`alfa-${slug}-storage`, 'alfa-database'].sort(),
    networks: ['alfa', `alfa-${slug}`],
    databases: [`alfa_${slug}`],
    databaseUsers: [`alfa_${slug}`],
    clientFiles: ['client.env', 'owner.json', 'vhost.conf'].map((file) => `${slug}/${file}`),
  });
  const { attributes, relationships } = (await world.call('GET', `/clients/${id}`)).body.data;
  expect([attributes.status, attributes.maintenance, relationships.runningOperation.data]).toEqual([
    'active',
    null,
    null,
  ]);
  const listed = (await world.call('GET', `/clients/${id}/backups`)).body.data as Resource[];
  const files = (await backupsOn(lane)).filter((name) => name.startsWith(id));
  expect(new Set(files.map((name) => name.split('/')[1]))).toEqual(new Set(listed.map((each) => each.id)));
  expect(files.filter((name) => name.includes('partial'))).toEqual([]);
};

const factsOf = async ({ machine }: Lane, address: string) => {
  const { status, text } = await visit(address, '/', { machine: machine.address });
  const [version, migrations, users, patients, orders, installation] = [
    'version',
    'migrations',
    'users',
    'patients',
    'orders',
    'installation',
  ].map((fact) => factOf(text, fact));
  return { status, version, migrations, users, patients, orders, installation };
};

const live = async (lane: Lane, slug: string, plan: Plan) => {
  let at: Walked = 'client.create';
  const go = async (kind: Walked, request: [string, string, unknown?]) => {
    at = kind;
    return throughTrouble(lane, plan[kind], request);
  };
  try {
    const document = clientDocument(lane.serverId, slug, 'alfa/client:1', { demo: true });
    const { id } = await go('client.create', ['POST', '/clients/create', document]);
    await expectWhole(lane, slug, id);
    const address = (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;
    const before = await factsOf(lane, address);
    expect(before).toMatchObject({ status: 200, version: '1' });

    await go('client.switch', ['POST', `/clients/${id}/switch?targetImage=alfa/client:2`]);
    await expectWhole(lane, slug, id);
    expect(await factsOf(lane, address)).toEqual({ ...before, version: '2' });

    await go('client.migrate', ['POST', `/clients/${id}/migrate`]);
    await expectWhole(lane, slug, id);
    const migrated = { ...before, version: '2', migrations: String(Number(before.migrations) + 1) };
    expect(await factsOf(lane, address)).toEqual(migrated);

    const [backup] = (await world.call('GET', `/clients/${id}/backups`)).body.data as [Resource];
    const attributes = { backupId: backup.id, confirm: true };
    const restoration = { data: { type: 'restorations', attributes } };
    await go('client.restore', ['POST', `/clients/${id}/restore`, restoration]);
    await expectWhole(lane, slug, id);
    expect(await factsOf(lane, address)).toEqual({ ...before, version: '2' });

    await go('client.delete', ['DELETE', `/clients/${id}?confirm=${slug}`]);
    expect(await inventoryOf(lane)).toEqual({
      containers: ['alfa-database', 'alfa-proxy'],
      volumes: ['alfa-database'],
      networks: ['alfa'],
      databases: [],
      databaseUsers: [],
      clientFiles: [],
    });
  } catch (error) {
    throw new Error(`${slug} in ${at} with ${JSON.stringify(plan[at])}`, { cause: error });
  }
};

test(
  `clients live through cut cables and killed sshds at any step (ALFA_TEST_SEED=${extent.seed})`,
  async () => {
    const lives = plans(lanes.length);
    const walkLane = async (lane: Lane, number: number) => {
      for (const [life, plan] of lives.entries())
        if (life % lanes.length === number) await live(lane, `life${life}`, plan);
    };
    // Each to its end, whatever comes of the others.
    const ends = await Promise.allSettled(lanes.map(walkLane));
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect(failures.map(({ message, cause }) => `${message}: ${String(cause)}`)).toEqual([]);
  },
  extent.isFull ? 7_200_000 : 600_000,
);

test('nothing is left running on the servers that nobody waits for', async () => {
  for (const { machine } of lanes)
    await eventually('only the system is left', async () => {
      const left = (await machine.processes()).filter((line) => /\b(sudo|sh -c|mariadb|gzip)\b/.test(line));
      return left.length === 0;
    });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '@alfa-cloud/provisioner';
import { eventually, execInContainer, startFarm, walkExtent, type Farm } from '@alfa-cloud/testing';
import { factOf, visit } from './support/browser.ts';
import { act, clientDocument, followCreation, type Operation } from './support/caller.ts';
import { registerSite, serverOf, sitesOn, type Site } from './support/site.ts';
import { startWorld, type World } from './support/world.ts';

/** Sizes of the client: small ones, or by ALFA_TEST_WALK=full those of a real one, with more and larger files than most have. */
const size = walkExtent(process.env, new Date()).isFull
  ? {
      storageMb: 200,
      files: 2000,
      databaseMb: 50,
      smallFiles: 50_000,
      largeMb: 1024,
      // The backup that an undo makes lies there.
      diskMb: 4096,
      timeoutMs: 1_800_000,
      goneMs: 600_000,
    }
  : {
      storageMb: 20,
      files: 200,
      databaseMb: 5,
      smallFiles: 100,
      largeMb: 4,
      diskMb: 64,
      timeoutMs: 180_000,
      goneMs: 60_000,
    };

const alias = 'lab.example';
const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '--batch', '--skip-column-names'];

let farm: Farm;
let world: World;
let one: Site;
let two: Site;
let clientId: string;
let move: Operation;

beforeAll(async () => {
  const { diskMb } = size;
  farm = await startFarm([
    { docker: true, diskMb },
    { docker: true, diskMb },
  ]);
  [one, two] = sitesOn(farm) as [Site, Site];
  world = await startWorld({
    place: one.place,
    env: {
      ALFA_AVAILABILITY_INTERVAL_S: '1',
      ALFA_BACKUP_EVERY_H: '0',
      ALFA_MOVE_WATCH_INTERVAL_S: '1',
    },
  });
  await Promise.all([registerSite(world, one, 'one'), registerSite(world, two, 'two')]);
  const document = clientDocument(one.serverId, 'ada', world.images.client, { demo: true });
  clientId = (await world.call('POST', '/clients/create', document)).body.data.id;
  expect((await followCreation(world.call, clientId)).attributes).toMatchObject({ completed: 'ok' });
  const aliased = await world.call('PATCH', `/clients/${clientId}`, changed({ aliases: [alias] }), {
    prefer: 'wait=30',
  });
  expect(aliased.status).toBe(200);
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all([one, two].map((site) => site?.place.dispose()));
  await farm?.dispose();
});

const changed = (attributes: object) => ({ data: { type: 'clients', id: clientId, attributes } });
const client = async () => (await world.call('GET', `/clients/${clientId}`)).body.data;
const cloudOf = async (): Promise<string> => (await client()).links.cloud;

const sql = async ({ machine }: Site, statement: string): Promise<string> => {
  const { code, stdout, stderr } = await execInContainer(
    machine.engine.docker,
    'alfa-database',
    argv,
    statement,
  );
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};
const inClient = ({ machine }: Site, script: string) =>
  execInContainer(machine.engine.docker, 'alfa-ada', ['sh', '-c', script]);

/** Writes a row and a file again and again, and tells the number of each that it has, until its container is stopped. */
const writer = `exec php -r '
$db = new PDO("mysql:host=".getenv("DB_HOST").";dbname=".getenv("DB_DATABASE"), getenv("DB_USERNAME"), getenv("DB_PASSWORD"));
@mkdir("/app/storage/writes");
for ($n = 1;; $n++) {
  if ($db->exec("INSERT INTO writes VALUES ($n)") !== 1 || file_put_contents("/app/storage/writes/$n", "$n") === false) exit(1);
  echo "$n\\n";
  usleep(3000);
}'`;

/** All kinds of files, as root in the volume. Each script is short enough for a busy machine. */
const unusual = [
  `mkdir -p "$0/unusual/many" && cd "$0/unusual" && perl -e 'for my $i (1 .. ${size.smallFiles}) { my $d = "many/" . int($i / 500); mkdir $d; open(my $f, ">", "$d/file $i.txt"); print $f "content $i\\n" x 30 }'`,
  ...Array.from({ length: 4 }, () => `head -c ${size.largeMb / 4}M /dev/urandom >> "$0/unusual/large"`),
  `cd "$0/unusual"; truncate -s 50M sparse; printf end >> sparse
  ln -s /no/such/target dangling; ln -s many directory; printf linked > one; ln one many/other
  printf owned > owned; chown 4242:33 owned; chmod 6750 owned; mkdir -m 500 closed; touch -d '1999-12-31 23:59:59.123456789' closed
  perl -e 'my ($f, $n, $v) = ("one", "user.color", "green"); syscall(188, $f, $n, $v, length $v, 0) == 0 or die $!'
  chown -h 33:33 . many`,
];
const portraitOf = `cd "$0/unusual" && { find . -printf '%p|%y|%m|%U|%G|%s|%T@|%n|%l\\n' | LC_ALL=C sort; sha256sum large one
  perl -e 'my ($f, $n, $v) = ("one", "user.color", "\\0" x 9); syscall(191, $f, $n, $v, 9) > 0 or die $!; print "$v\\n"'; }`;
const inVolume = async ({ machine }: Site, script: string): Promise<string> => {
  const { Mountpoint } = await machine.engine.docker.getVolume('alfa-ada-storage').inspect();
  return machine.run('bash', '-euc', script, Mountpoint);
};

const fill = async (site: Site): Promise<void> => {
  const bytes = Math.floor((size.storageMb * 1024 ** 2) / size.files);
  const files = `mkdir -p /app/storage/fill && cd /app/storage/fill && for i in $(seq ${size.files}); do head -c ${bytes} /dev/urandom > "$i" || exit 1; done`;
  expect(await inClient(site, files)).toMatchObject({ code: 0 });
  for (const script of unusual) await inVolume(site, script);
  await sql(
    site,
    `USE alfa_ada;
     CREATE TABLE large (id INT PRIMARY KEY, body LONGBLOB);
     INSERT INTO large VALUES (1, REPEAT(UNHEX('00FF275C0A'), 4000000));
     CREATE TABLE alfa_ada.writes (n INT PRIMARY KEY);
     CREATE TABLE alfa_ada.ballast (id INT AUTO_INCREMENT PRIMARY KEY, data BLOB);
     INSERT INTO alfa_ada.ballast (data) SELECT RANDOM_BYTES(1000) FROM seq_1_to_${size.databaseMb * 1000};
     ANALYZE TABLE ballast;`,
  );
};

/** A visitor who comes to the client's old address all the time, and goes where he is sent. */
const visitor = (address: string) => {
  const seen: { at: number; status: number }[] = [];
  const stopped = new AbortController();
  const come = async () => {
    const first = await visit(address, '/', { machine: one.machine.address });
    if (first.status !== 308) return first.status;
    const next = String(first.headers['location']);
    return (await visit(next, '/', { machine: two.machine.address })).status;
  };
  const coming = (async () => {
    while (!stopped.signal.aborted) seen.push({ status: await come().catch(() => 0), at: performance.now() });
  })();
  return async () => {
    stopped.abort();
    await coming;
    return seen;
  };
};

/** Longest time between two visits that got the application, ms. */
const longestGap = (seen: readonly { at: number; status: number }[]): number => {
  const good = seen.filter(({ status }) => status === 200).map(({ at }) => at);
  return Math.max(0, ...good.slice(1).map((at, index) => at - (good[index] ?? at)));
};

test(
  'a client moves with every row and file that was written until the last moment',
  async () => {
    const address = await cloudOf();
    await fill(one);
    const path = `/clients/move_to?clientId=${clientId}&targetServer=${two.serverId}`;
    const plan = (await world.call('GET', `${path}&dryRun=true`)).body.data.attributes.clients[0];
    expect(plan).toMatchObject({ slug: 'ada', from: one.serverId, obstacles: [] });
    expect(plan.storageBytes).toBeGreaterThanOrEqual(size.storageMb * 1_000_000);
    expect(plan.databaseBytes).toBeGreaterThan(size.databaseMb * 1_000_000);

    const stop = visitor(address);
    const writing = inClient(one, writer);
    move = await act(world.call, 'POST', path, undefined, size.timeoutMs);
    const seen = await stop();
    expect([move.status, move.error]).toEqual(['ok', null]);
    expect([...new Set(seen.map(({ status }) => status))].sort((a, b) => a - b)).toEqual([200, 503]);
    console.info(
      `moved ${plan.storageBytes} bytes of storage in ${plan.files} files and ${plan.databaseBytes} of database: page shown ${String(move.result?.['closedMs'])} ms, no visitor for ${Math.round(longestGap(seen))} ms; ${move.steps.map(({ name, durationMs }) => `${name} ${durationMs}`).join(', ')}`,
    );

    const written = (await writing).stdout.trim().split('\n');
    expect(written.length).toBeGreaterThan(10);
    const last = Number(written.at(-1));
    expect(Number(await sql(two, 'SELECT COUNT(*) FROM alfa_ada.writes'))).toBeGreaterThanOrEqual(last);
    const { stdout } = await inClient(two, 'ls /app/storage/writes | wc -l; ls /app/storage/fill | wc -l');
    expect(Number(stdout.split('\n')[0])).toBeGreaterThanOrEqual(last);
    expect(Number(stdout.split('\n')[1])).toBe(size.files);
    const found = (site: Site) =>
      Promise.all([inVolume(site, portraitOf), sql(site, 'CHECKSUM TABLE alfa_ada.large, alfa_ada.ballast')]);
    expect(await found(two)).toEqual(await found(one));
  },
  size.timeoutMs,
);

test('the old address leads to the new one, and what is kept is stopped', async () => {
  const { attributes, relationships, links } = await client();
  expect(relationships.server.data.id).toBe(two.serverId);
  expect(attributes.held).toMatchObject({ serverId: one.serverId, operationId: move.id, undoable: true });
  const former = String(move.result?.['formerCloud']);
  const led = await visit(former, '/login?a=b', { machine: one.machine.address });
  expect([led.status, led.headers['location']]).toEqual([308, `${links.cloud}/login?a=b`]);
  for (const site of [one, two]) {
    const port = site === one ? former : links.cloud;
    const page = await visit(port, '/', { machine: site.machine.address, host: alias });
    expect([page.status, factOf(page.text, 'version')]).toEqual([200, '1']);
  }
  const [here, there] = [await serverOf(world, one), await serverOf(world, two)];
  expect([here.clientCount, here.heldCount, there.clientCount, there.heldCount]).toEqual([0, 1, 1, 0]);
  const removal = await world.call('DELETE', `/servers/${one.serverId}`);
  expect([removal.status, removal.body.errors[0].code]).toEqual([409, 'server_has_clients']);
  const kept = await one.machine.engine.docker.getContainer('alfa-ada').inspect();
  expect([kept.State.Running, kept.HostConfig.RestartPolicy?.Name]).toEqual([false, 'no']);
  await eventually('it is available', async () => (await client()).attributes.available === true);
});

test('undone within its time, the client is back as it was, and what was written is told', async () => {
  await sql(two, 'INSERT INTO alfa_ada.writes VALUES (-1)');
  expect(await inClient(two, 'echo late > /app/storage/late')).toMatchObject({ code: 0 });
  const undo = await act(world.call, 'POST', `/operations/${move.id}/undo`);
  expect([undo.status, undo.error]).toEqual(['ok', null]);
  expect(undo.result).toMatchObject({
    writtenSince: {
      tables: expect.arrayContaining([expect.objectContaining({ name: 'writes' })]),
      reason: expect.stringContaining('writes'),
    },
  });
  expect((await visit(await cloudOf(), '/', { machine: one.machine.address })).status).toBe(200);
  expect(await sql(one, 'SELECT COUNT(*) FROM alfa_ada.writes WHERE n = -1')).toBe('0');
  const backups = (await world.call('GET', `/clients/${clientId}/backups`)).body.data;
  expect(backups.map(({ attributes }: { attributes: { kind: string } }) => attributes.kind)).toContain(
    'move',
  );
  await eventually('nothing is held', async () => (await client()).attributes.held === null, {
    timeoutMs: size.goneMs,
  });
  expect(await inventory(two.place.server)).toMatchObject({
    containers: ['alfa-database', 'alfa-proxy'],
    volumes: ['alfa-database'],
    databases: [],
    clientFiles: [],
  });
});

test(
  'once its time is over nothing is left on the server that it has left',
  async () => {
    const path = `/clients/move_to?clientId=${clientId}&targetServer=${two.serverId}&holdHours=0`;
    const again = await act(world.call, 'GET', path, undefined, size.timeoutMs);
    expect([again.status, again.error]).toEqual(['ok', null]);
    await eventually('nothing is held', async () => (await client()).attributes.held === null, {
      timeoutMs: size.goneMs,
    });
    expect(await inventory(one.place.server)).toMatchObject({
      containers: ['alfa-database', 'alfa-proxy'],
      volumes: ['alfa-database'],
      databases: [],
      clientFiles: [],
    });
    const former = String(again.result?.['formerCloud']);
    // For a moment after a reload an old worker of the proxy may answer.
    await eventually(
      'the old address leads nowhere',
      async () => (await visit(former, '/', { machine: one.machine.address })).status === 404,
    );
    expect((await visit(await cloudOf(), '/', { machine: two.machine.address })).status).toBe(200);
    const refused = await world.call('POST', `/operations/${again.id}/undo`);
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'move_not_held']);
  },
  size.timeoutMs,
);

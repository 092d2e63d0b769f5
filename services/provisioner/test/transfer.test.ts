import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@alfa-cloud/contracts';
import { walkExtent } from '@alfa-cloud/testing';
import { copyBackup } from '../src/resources/transfer/backup.ts';
import { copyDatabase } from '../src/resources/transfer/database.ts';
import { measureClient } from '../src/resources/transfer/measure.ts';
import { copyStorage, verifyStorage } from '../src/resources/transfer/storage.ts';
import { removeTransferContainer } from '../src/resources/transfer/transfer-container.ts';
import { verifyDatabase } from '../src/resources/transfer/verify-database.ts';
import { startTransferRig, type TransferRig } from './transfer-rig.ts';

const { isFull } = walkExtent(process.env, new Date());
const smallFiles = isFull ? 50_000 : 1500;
const largeMb = isFull ? 1000 : 60;

let rig: TransferRig;

beforeAll(async () => {
  rig = await startTransferRig();
}, 300_000);
afterAll(() => rig?.dispose());

const operationId = newId();
const io = { signal: new AbortController().signal, operationId, output: () => undefined };
const copy = (pass: 'first' | 'last', onProgress?: (bytes: number) => void) =>
  copyStorage(rig.from, rig.to, { operationId, pass }, { ...io, onProgress });

/** What cannot be told by a listing: everything of each file, as one line. */
const portrait = `find . -printf '%p|%y|%m|%U|%G|%s|%T@|%n|%l\\n' | LC_ALL=C sort`;

const unusualFiles = `
  mkdir -p app 'with space' deep/er/dir
  printf one > 'with space/a "quoted" name'; printf two > $'line\\nend'; printf three > $'l\\xe4tin'; printf four > ./-rf
  printf five > 'back\\slash\\344'; printf six > 'ends with \\'; printf eleven > '*'
  ln -s /no/such/target dangling; ln -s 'with space' to-directory
  printf seven > linked; ln linked deep/other-name; ln linked deep/er/third
  truncate -s 30M sparse; printf end >> sparse
  mkfifo pipe
  printf eight > owned; chown 4242:33 owned; chmod 6750 owned; chown 33:33 app; chmod 2770 app
  mkdir -m 500 closed; printf nine > closed/file; chmod 000 closed/file
  touch -d '1999-12-31 23:59:59.123456789' owned closed
  printf ten > attributed; ln attributed deep/also-attributed
  perl -e 'for (["attributed", "user.color", "green\\0x"], ["deep", "user.note", "dir"]) { my ($f, $n, $v) = @$_; syscall(188, $f, $n, $v, length $v, 0) == 0 or die "$f: $!" }'
`;
const attributesOf = `perl -e 'for my $file ("attributed", "deep", "deep/also-attributed") { my $f = $file; my $v = "\\0" x 99; for my $name ("user.color", "user.note") { my $n = $name; my $l = syscall(191, $f, $n, $v, 99); print "$f $n ", unpack("H*", substr($v, 0, $l)), "\\n" if $l >= 0 } }'`;

const recolor = (color: string): string =>
  `perl -e 'my ($f, $n, $v) = ("attributed", "user.color", "${color}\\0x"); syscall(188, $f, $n, $v, 7, 0) == 0 or die $!'`;

describe('the storage', () => {
  test('is the same on the other side, whatever its files are called and are', async () => {
    await rig.inStorage(rig.from, unusualFiles);
    const told: number[] = [];
    const { bytes } = await copy('first', (passed) => told.push(passed));
    expect(bytes).toBeGreaterThan(30_000_000);
    expect(told.at(-1)).toBeLessThan(3_000_000);
    const [here, there] = await Promise.all([rig.from, rig.to].map((each) => rig.inStorage(each, portrait)));
    expect(there).toBe(here);
    expect(await rig.inStorage(rig.to, attributesOf)).toBe(await rig.inStorage(rig.from, attributesOf));
    expect(await rig.inStorage(rig.from, attributesOf)).toContain('color 677265656e0078');
    expect(Number(await rig.inStorage(rig.to, 'du -k sparse | cut -f 1'))).toBeLessThan(1000);
    const found = await verifyStorage(rig.from, rig.to, io);
    const names = await rig.inStorage(rig.from, 'find . -mindepth 1 -printf x | wc -c');
    expect(found.names).toBe(Number(names));
  });

  test('a later pass sends what differs, and takes away what is gone', async () => {
    expect(await copy('last')).toMatchObject({ removed: 0, bytes: 0 });
    await rig.inStorage(
      rig.from,
      `rm -rf 'with space'; printf file > 'with space'; rm to-directory; mkdir to-directory; touch to-directory/in
       rm deep/er/third; ln owned again; chmod 700 closed; printf longer >> linked
       mv sparse deep/moved; printf four > app/new
       ${recolor('blue!')}`,
    );
    const plan = await copy('last');
    expect(plan.removed).toBeGreaterThan(0);
    const [here, there] = await Promise.all([rig.from, rig.to].map((each) => rig.inStorage(each, portrait)));
    expect(there).toBe(here);
    await verifyStorage(rig.from, rig.to, io);
    expect(await rig.inStorage(rig.to, attributesOf)).toContain('color 626c7565210078');
  });

  test('one byte, one owner or one attribute that differs is found and named', async () => {
    const changes = [
      [
        `touch -r linked /tmp/time; printf X | dd of=linked conv=notrunc 2>/dev/null; touch -r /tmp/time linked`,
        './linked',
      ],
      [`chown 1:1 app/new`, './app/new'],
      [recolor('black'), 'extended attributes'],
      [`printf x > more`, './more'],
    ] as const;
    for (const [change, name] of changes) {
      await rig.inStorage(rig.to, change);
      const failure = verifyStorage(rig.from, rig.to, io);
      await expect(failure).rejects.toMatchObject({
        code: 'transfer_differs',
        message: expect.stringContaining(name),
      });
      await rig.inStorage(rig.to, `rm -rf linked app/new attributed deep/also-attributed more`);
      await copy('last');
      await verifyStorage(rig.from, rig.to, io);
    }
  });

  test(`${smallFiles} small files and one of ${largeMb} MB, while the client is at work`, async () => {
    await rig.inStorage(
      rig.from,
      `mkdir many; perl -e 'for my $i (1 .. ${smallFiles}) { my $d = "many/" . int($i / 500); mkdir $d; open(my $f, ">", "$d/file $i.txt"); print $f "content $i\\n" x 30 }'
       head -c ${largeMb / 4}M /dev/urandom > large; truncate -s ${largeMb}M large`,
    );
    const busy = rig.inStorage(
      rig.from,
      `for i in $(seq 200); do echo $i >> log; echo $i > "tmp.$i"; sleep 0.01; rm "tmp.$i"; done`,
    );
    await copy('first');
    await busy;
    await copy('last');
    const found = await verifyStorage(rig.from, rig.to, io);
    expect(found.names).toBeGreaterThan(smallFiles);
    expect(await rig.inStorage(rig.to, 'tail -n 1 log; ls tmp.* 2>/dev/null | wc -l')).toBe('200\n0\n');
  }, 900_000);

  test('what can not be brought over is named before anything is touched', async () => {
    await rig.inStorage(
      rig.from,
      `mkdir sockets; perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un("sockets/a b")) or die $!'; mknod device c 1 3`,
    );
    const { obstacles, storage, database } = await measureClient(rig.from, io);
    expect(obstacles.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'device ./device',
      'socket ./sockets/a\\ b',
    ]);
    expect(storage.files).toBeGreaterThan(smallFiles);
    expect(database).toMatchObject({ tables: expect.any(Number), bytes: expect.any(Number) });
    expect(await rig.from.cloud.docker.container(rig.from.names.transferContainer)).toBeNull();
    await rig.inStorage(rig.from, 'rm -rf sockets device');
  });

  test('nothing of it is left on either server', async () => {
    for (const side of [rig.from, rig.to]) {
      await removeTransferContainer(side, io);
      await removeTransferContainer(side, io);
      expect(await side.cloud.docker.container(side.names.transferContainer)).toBeNull();
    }
  });
});

describe('a backup', () => {
  // The farm's servers have little room for what lies beside Docker's data.
  beforeAll(() => rig.inStorage(rig.from, 'rm -rf large many'));

  const inside = ({ clientId, backupId }: { clientId: string; backupId: string }) =>
    `/var/backups/alfa/${clientId}/${backupId}`;
  const run = async (side: 'from' | 'to', argv: string[]) =>
    (await rig[side].cloud.docker.exec('alfa-database', { argv })).stdout;

  test('comes over with its manifest last, once', async () => {
    const location = await rig.backUp();
    await copyBackup(rig.from.cloud, rig.to.cloud, location, io);
    await copyBackup(rig.from.cloud, rig.to.cloud, location, io);
    const sums = ['bash', '-c', 'cd "$0" && ls -A && sha256sum *', inside(location)];
    expect(await run('to', sums)).toBe(await run('from', sums));
    expect(await run('to', sums)).toContain('storage.tar.gz');
  });

  test('that has been damaged does not count as there', async () => {
    const location = await rig.backUp();
    await run('from', ['bash', '-c', 'printf X >> "$0/database.sql.gz"', inside(location)]);
    await expect(copyBackup(rig.from.cloud, rig.to.cloud, location, io)).rejects.toMatchObject({
      code: 'backup_damaged',
    });
    expect(await run('to', ['ls', '-A', inside(location)])).toBe('');
  });
});

const unusualData = `
  CREATE TABLE \`a table, with "quotes" and 'more'\` (id INT PRIMARY KEY, \`the "value"\` TEXT);
  INSERT INTO \`a table, with "quotes" and 'more'\` VALUES (1, 'line\\nend'), (2, 'it''s'), (3, NULL), (4, '\\\\');
  CREATE TABLE base (a INT); CREATE VIEW broken AS SELECT a FROM base; DROP TABLE base;
  CREATE TABLE numbers (f FLOAT, n FLOAT(7,3), d DOUBLE, e DECIMAL(30,10), b BIT(9), t TIMESTAMP(6) NULL, y YEAR, j JSON, g POINT);
  INSERT INTO numbers VALUES (1.5, 2.25, 0.1 + 0.2, 1234567890.0123456789, b'101', '2026-03-29 02:30:00.123456', 1999, '{"a": [1]}', POINT(1, 2)),
    (123456, -0.001, 1e300, -1, NULL, NULL, NULL, NULL, NULL);
  CREATE TABLE large (id INT PRIMARY KEY, body LONGBLOB);
  INSERT INTO large VALUES (1, REPEAT(UNHEX('00FF275C0A'), 4000000)), (2, '');
  CREATE VIEW fine AS SELECT id FROM large; CREATE FUNCTION f() RETURNS INT RETURN 1;
  CREATE TRIGGER noted BEFORE INSERT ON large FOR EACH ROW SET NEW.id = NEW.id;
`;

describe('the database', () => {
  test('comes over with every value, and what does not work is named', async () => {
    await rig.sql(rig.from, unusualData);
    const told: number[] = [];
    const copied = await copyDatabase(
      rig.from,
      rig.to,
      { deadlineMs: 120_000 },
      { ...io, onProgress: (bytes) => told.push(bytes) },
    );
    expect(copied.warnings.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['view broken']);
    expect(told.at(-1)).toBe(copied.bytes);
    const { tables, rows } = await verifyDatabase(rig.from, rig.to, io);
    expect(tables).toBe(copied.tables);
    expect(rows).toBeGreaterThan(6);
    expect(
      await rig.sql(rig.to, 'SELECT SHA2(body, 256) FROM large; SELECT COUNT(*) FROM fine; SELECT f()'),
    ).toBe(
      await rig.sql(rig.from, 'SELECT SHA2(body, 256) FROM large; SELECT COUNT(*) FROM fine; SELECT f()'),
    );
  });

  test('one value or one table that differs is found and named', async () => {
    await rig.sql(
      rig.to,
      `UPDATE numbers SET d = d + 1 WHERE y = 1999; CREATE TABLE extra (a INT); DELETE FROM large WHERE id = 2`,
    );
    await expect(verifyDatabase(rig.from, rig.to, io)).rejects.toMatchObject({
      code: 'transfer_differs',
      message: expect.stringContaining(
        'extra (only on one side), large (2 and 1 rows), numbers (other values)',
      ),
    });
  });

  test('a transfer that is cut leaves an empty database, and the next one is whole', async () => {
    const controller = new AbortController();
    const running = copyDatabase(
      rig.from,
      rig.to,
      { deadlineMs: 120_000 },
      { ...io, signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
    );
    await expect(running).rejects.toThrow('enough');
    expect(await rig.sql(rig.to, 'SHOW TABLES')).toBe('');
    await copyDatabase(rig.from, rig.to, { deadlineMs: 120_000 }, io);
    await verifyDatabase(rig.from, rig.to, io);
  });

  test('a table that can not be read, or holds what a dump rounds, is named before anything is touched', async () => {
    await rig.sql(
      rig.from,
      `CREATE TABLE rounded (\`the "value"\` FLOAT); INSERT INTO rounded VALUES (1.5), (NULL), (1.1234567);
       CREATE TABLE torn (a INT) ENGINE=InnoDB; ALTER TABLE torn DISCARD TABLESPACE`,
    );
    const { obstacles } = await measureClient(rig.from, io);
    expect(obstacles).toMatchObject([
      { kind: 'table', name: 'torn' },
      { kind: 'value', name: 'rounded.the "value"' },
    ]);
    await expect(copyDatabase(rig.from, rig.to, { deadlineMs: 120_000 }, io)).rejects.toMatchObject({
      code: 'transfer_failed',
    });
    expect(await rig.sql(rig.to, 'SHOW TABLES')).toBe('');
  });
});

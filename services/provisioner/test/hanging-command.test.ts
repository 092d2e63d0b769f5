import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { eventually, freePort } from '@alfa-cloud/testing';
import type { ClientConfig } from '../src/on-server/client-config.ts';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let httpPort: number;
  let clientId: string;
  let serverId: string;

  const container = 'alfa-hanging';
  const host = 'hanging.lab.test';
  /** From the request to the end of the operation: the grace of the command and then some, not until what hangs would end. */
  const cancelledWithinMs = 90_000;

  /** Hangs and ignores SIGTERM, as do its children, one of which has left its session, and one its environment. */
  const hangs = [
    'sh',
    '-c',
    "trap '' TERM; sleep 1000 & setsid sleep 1001 & env -i sleep 1002 & echo hanging; while :; do sleep 1; done",
  ];

  beforeAll(async () => {
    server = await start();
    ({ cloud } = server);
    rig = await startRig({ cloud });
    httpPort = await freePort();
    const registration = rig.registration({ proxy: { httpPort } });
    ({ serverId } = registration.data);
    await rig.succeed(registration);
    const creation = await rig.creation(serverId, { slug: 'hanging', image: 'alfa/client:foreign' });
    ({ clientId } = creation.data);
    await rig.succeed(creation);
  }, 300_000);

  afterAll(() => server?.dispose());

  const inClient = async (script: string): Promise<string> =>
    (await cloud.docker.exec(container, { argv: ['sh', '-c', script] })).stdout;

  /** Words of what runs in the container besides the application. */
  const commandsInClient = async (): Promise<string[]> => {
    const listed = await inClient(`for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done`);
    return listed.split('\n').filter((line) => /sleep|artisan/.test(line) && !line.includes('/proc/'));
  };

  const migrations = async () => (await inClient('cat storage/migrations')).trim().split('\n');

  const rows = async () => {
    const sql = 'SELECT COUNT(*) FROM alfa_hanging.things';
    const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '-N', '-e', sql];
    return (await cloud.docker.exec('alfa-database', { argv })).stdout.trim();
  };

  /** Another life of the provisioner. */
  const nextLife = (creation: Partial<ClientConfig> = {}) =>
    startRig({ cloud, store: rig.store, vault: rig.vault, creation });

  const withCommands = (commands: Partial<ClientConfig['commands']>): Partial<ClientConfig> => ({
    commands: {
      migrate: ['php', 'artisan', 'migrate', '--force'],
      ownerPassword: ['php', 'artisan', 'alfa:owner-password'],
      demoSeed: ['php', 'artisan', 'db:seed'],
      demoUnseed: ['php', 'artisan', 'db:seed'],
      down: ['php', 'artisan', 'down'],
      up: ['php', 'artisan', 'up'],
      usersCount: ['php', 'artisan', 'alfa:users-count'],
      ...commands,
    },
  });

  type Sent = Parameters<Rig['send']>[0];

  const untilItHangs = (life: Rig, command: Sent, word = 'hanging') =>
    eventually('the command hangs', async () => (await life.story(operationIdOf(command))).includes(word), {
      timeoutMs: 60_000,
    });

  /** Answers how long it took. */
  const cancel = async (life: Rig, command: Sent, ended: Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await life.send(commandOf('CancelOperation', { operationId: operationIdOf(command) }));
    await ended;
    return performance.now() - began;
  };

  const lastOf = async (command: Sent) => (await rig.eventsOf(operationIdOf(command))).at(-1);

  describe('a migration that hangs and ignores SIGTERM', () => {
    beforeEach(() => inClient('rm -f storage/migrations; touch storage/hang'));

    test('is ended by a cancel, and its database put back', async () => {
      const command = commandOf('MigrateClient', { clientId });
      const ended = rig.send(command);
      await untilItHangs(rig, command, 'migrating things');
      expect([await rows(), (await commandsInClient()).length]).toEqual(['1', 3]);
      const took = await cancel(rig, command, ended);
      expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
      expect(took).toBeLessThan(cancelledWithinMs);
      expect([await rows(), await commandsInClient()]).toEqual(['0', []]);
      expect((await cloud.get({ port: httpPort, host, path: '/' })).status).toBe(200);
    });

    test('is ended by its deadline', async () => {
      const life = await nextLife({ commandMs: 3000 });
      const command = commandOf('MigrateClient', { clientId });
      await life.send(command);
      expect(await lastOf(command)).toMatchObject({
        type: 'OperationFailed',
        data: { cause: { code: 'migration_failed', reason: expect.stringContaining('within 3 s') } },
      });
      expect([await rows(), await commandsInClient()]).toEqual(['0', []]);
    });

    test('is waited for by the next worker after a crash, and never runs twice at once', async () => {
      const command = commandOf('MigrateClient', { clientId });
      const stop = new AbortController();
      const cutOff = rig.send(command, { signal: stop.signal }).catch(() => undefined);
      await untilItHangs(rig, command, 'migrating things');
      stop.abort(new Error('killed'));
      await cutOff;
      const life = await nextLife();
      const ended = life.send(command);
      await eventually('the next worker is at it', async () =>
        (await rig.story(operationIdOf(command))).includes('"step":"migrate","attempt":2'),
      );
      expect(await migrations()).toEqual(['begun']);
      await inClient('rm storage/hang');
      await ended;
      expect(await lastOf(command)).toMatchObject({ type: 'OperationSucceeded' });
      expect(await migrations()).toEqual(['begun', 'ended', 'begun', 'ended']);
    });
  });

  describe('any command that hangs', () => {
    const startedAt = async () => (await cloud.docker.container(container))?.startedAt;

    test('is ended by a cancel with its children, while the application goes on', async () => {
      const before = await startedAt();
      const life = await nextLife(withCommands({ usersCount: hangs }));
      const command = commandOf('CountUsers', { clientId });
      const ended = life.send(command);
      await untilItHangs(life, command);
      const took = await cancel(life, command, ended);
      expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled' });
      expect(took).toBeLessThan(cancelledWithinMs);
      expect([await commandsInClient(), await startedAt()]).toEqual([[], before]);
    });

    test('is ended by its deadline', async () => {
      const life = await nextLife({ ...withCommands({ demoSeed: hangs }), commandMs: 2000 });
      const command = commandOf('EnableDemo', { clientId });
      await life.send(command);
      expect(await lastOf(command)).toMatchObject({ data: { cause: { code: 'demo_failed' } } });
      expect(await commandsInClient()).toEqual([]);
    });

    test('is ended also where a crash has left it behind and only then a cancel comes', async () => {
      const life = await nextLife(withCommands({ usersCount: hangs }));
      const command = commandOf('CountUsers', { clientId });
      const stop = new AbortController();
      const cutOff = life.send(command, { signal: stop.signal }).catch(() => undefined);
      await untilItHangs(life, command);
      stop.abort(new Error('killed'));
      await cutOff;
      expect(await commandsInClient()).not.toEqual([]);
      await rig.send(commandOf('CancelOperation', { operationId: operationIdOf(command) }));
      await (await nextLife(withCommands({ usersCount: hangs }))).send(command);
      expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
      expect(await commandsInClient()).toEqual([]);
    });

    test('is ended with its container where there is no shell to find it by', async () => {
      const before = await startedAt();
      const commands = { usersCount: ['php', '-r', 'echo "hanging\\n"; sleep(1000);'] };
      const life = await nextLife(withCommands(commands));
      const command = commandOf('CountUsers', { clientId });
      const ended = life.send(command);
      await untilItHangs(life, command);
      await cloud.docker.exec(container, { argv: ['rm', '/bin/sh'], user: 'root' });
      await cancel(life, command, ended);
      expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
      expect(await startedAt()).not.toBe(before);
    });
  });

  test('a creation whose migration hangs in its database is cancelled and leaves nothing', async () => {
    const work = `$d = new PDO('mysql:host='.getenv('DB_HOST').';dbname='.getenv('DB_DATABASE'), getenv('DB_USERNAME'), getenv('DB_PASSWORD'));
    $d->exec('CREATE TABLE held (id INT)'); $d->exec('INSERT INTO held VALUES (1)'); echo "hanging\\n"; $d->query('SELECT SLEEP(1000) FROM held');`;
    const life = await nextLife(withCommands({ migrate: ['php', '-r', work] }));
    const command = await life.creation(serverId, { slug: 'never', image: 'alfa/client:foreign' });
    const ended = life.send(command);
    await untilItHangs(life, command);
    const took = await cancel(life, command, ended);
    expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
    expect(took).toBeLessThan(cancelledWithinMs);
    const { containers, volumes } = await cloud.docker.inventory();
    expect([...containers, ...volumes].filter(({ name }) => name.includes('never'))).toEqual([]);
  });

  test('a dump that is cancelled is ended where it runs, and leaves no files', async () => {
    const backups = () => cloud.files.list(`backups/${clientId}`);
    const before = await backups();
    const fill = `CREATE TABLE alfa_hanging.filler (id INT PRIMARY KEY AUTO_INCREMENT, text TEXT);
    INSERT INTO alfa_hanging.filler (text) SELECT REPEAT('x', 1000) FROM mysql.help_topic LIMIT 400;
    LOCK TABLES alfa_hanging.filler WRITE; SELECT SLEEP(1000);`;
    const release = `SELECT CONCAT('KILL ', ID) INTO @end FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%';
    EXECUTE IMMEDIATE @end;`;
    const inDatabase = (sql: string) => {
      const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '-e', sql];
      return cloud.docker.exec('alfa-database', { argv }, { deadlineMs: 90_000 });
    };
    const locked = inDatabase(fill);
    const command = commandOf('BackUpClient', { clientId, kind: 'manual' });
    await eventually('the table is locked', async () => {
      const text = (await cloud.docker.runningCommands('alfa-database')).flat().join(' ');
      return text.includes('LOCK TABLES');
    });
    const ended = rig.send(command);
    await eventually('the dump runs', async () =>
      (await cloud.docker.runningCommands('alfa-database')).flat().includes('alfa-dump'),
    );
    const took = await cancel(rig, command, ended);
    expect(took).toBeLessThan(cancelledWithinMs);
    expect(await lastOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
    expect((await cloud.docker.runningCommands('alfa-database')).flat()).not.toContain('alfa-dump');
    expect(await backups()).toEqual(before);
    expect(await inDatabase(release)).toMatchObject({ exitCode: 0 });
    expect(await locked).toMatchObject({ stderr: expect.stringContaining('Lost connection') });
  });
});

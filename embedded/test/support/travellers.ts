import { expect } from '@jest/globals';
import { inventory, type Inventory } from '@alfa-cloud/provisioner';
import { eventually, execInContainer, type FarmServer } from '@alfa-cloud/testing';
import { visit } from './browser.ts';
import { clientDocument, followCreation } from './caller.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

/** A server of the farm that is registered. */
export interface Site {
  machine: FarmServer;
  place: Place;
  serverId: string;
}

/** A client that goes from server to server, with data whose every byte is known. */
export interface Traveller {
  slug: string;
  id: string;
  /** Rows and files that the application was told are written, by their numbers. */
  acknowledged: number;
  /** Checksum of what does not change: a table and a directory. */
  ballast: string;
}

/** What is brought over by streams. */
export type Part = 'storage' | 'database';

const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '--batch', '--skip-column-names'];
/** In KiB; the table has as many rows of 1000 bytes. */
const databaseKb = 2000;
const file = { count: 100, bytes: 100_000 };

const enough = '/tmp/enough';

/** Writes a row and a file again and again, and tells the number of each that it has, until its container is stopped or it is told that it is enough. */
const writer = (from: number) => `rm -f ${enough}; exec php -r '
$db = new PDO("mysql:host=".getenv("DB_HOST").";dbname=".getenv("DB_DATABASE"), getenv("DB_USERNAME"), getenv("DB_PASSWORD"));
@mkdir("/app/storage/writes");
for ($n = ${from}; !file_exists("${enough}"); $n++) {
  if ($db->exec("REPLACE INTO writes VALUES ($n)") < 1 || file_put_contents("/app/storage/writes/$n", "$n") === false) exit(1);
  echo "$n\\n";
  usleep(50000);
}'`;

export const createTravellers = (world: World, sites: readonly Site[]) => {
  const sql = async ({ machine }: Site, statement: string): Promise<string> => {
    const ran = await execInContainer(machine.engine.docker, 'alfa-database', argv, statement);
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  };
  const inside = ({ machine }: Site, { slug }: Pick<Traveller, 'slug'>, script: string) =>
    execInContainer(machine.engine.docker, `alfa-${slug}`, ['sh', '-c', script]);

  const ballastOf = async (site: Site, { slug }: Pick<Traveller, 'slug'>): Promise<string> => {
    const sum = 'cd /app/storage/fill && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum';
    const { code, stdout, stderr } = await inside(site, { slug }, sum);
    if (code !== 0) throw new Error(stderr);
    return `${stdout.trim()} ${(await sql(site, `CHECKSUM TABLE \`alfa_${slug}\`.ballast`)).split('\t')[1]}`;
  };

  const create = async (site: Site, slug: string): Promise<Traveller> => {
    const document = clientDocument(site.serverId, slug, 'alfa/client:1', { demo: true });
    const { id } = (await world.call('POST', '/clients/create', document)).body.data;
    expect((await followCreation(world.call, id, 240_000)).attributes).toMatchObject({ completed: 'ok' });
    const files = `mkdir -p /app/storage/fill && cd /app/storage/fill && for i in $(seq ${file.count}); do head -c ${file.bytes} /dev/urandom > "$i" || exit 1; done`;
    expect(await inside(site, { slug }, files)).toMatchObject({ code: 0 });
    await sql(
      site,
      `USE alfa_${slug};
       CREATE TABLE writes (n INT PRIMARY KEY);
       CREATE TABLE ballast (id INT AUTO_INCREMENT PRIMARY KEY, data BLOB);
       INSERT INTO ballast (data) SELECT RANDOM_BYTES(1000) FROM seq_1_to_${databaseKb}`,
    );
    return { slug, id, acknowledged: 0, ballast: await ballastOf(site, { slug }) };
  };

  const document = async ({ id }: Traveller) => (await world.call('GET', `/clients/${id}`)).body.data;

  const home = async (traveller: Traveller): Promise<Site> => {
    const { relationships } = await document(traveller);
    return sites.find(({ serverId }) => serverId === relationships.server.data.id) as Site;
  };

  /** Begins to write in the client's name. @returns ends that where the container's stop has not, and notes what was acknowledged */
  const write = (site: Site, traveller: Traveller): (() => Promise<void>) => {
    const writing = inside(site, traveller, writer(traveller.acknowledged + 1)).catch(() => ({ stdout: '' }));
    return async () => {
      await inside(site, traveller, `touch ${enough}`).catch(() => undefined);
      const last = Number((await writing).stdout.trim().split('\n').at(-1) ?? 0);
      traveller.acknowledged = Math.max(traveller.acknowledged, last);
    };
  };

  /** Takes away what was written. Rounds of many minutes write more files than the disk of a farm server has inodes for. */
  const forgetWrites = async (site: Site, traveller: Traveller): Promise<void> => {
    expect(await inside(site, traveller, 'rm -rf /app/storage/writes')).toMatchObject({ code: 0 });
    await sql(site, `TRUNCATE TABLE \`alfa_${traveller.slug}\`.writes`);
    traveller.acknowledged = 0;
  };

  /** Waits until some of its storage, or of its database, has come to a server. */
  const underWay = async (
    { machine }: Site,
    { slug }: Pick<Traveller, 'slug'>,
    part: Part,
  ): Promise<void> => {
    const site = { machine } as Site;
    const hasBegun = {
      storage: async () => {
        const { Mountpoint } = await machine.engine.docker.getVolume(`alfa-${slug}-storage`).inspect();
        return Number((await machine.run('du', '-sb', Mountpoint)).split('\t')[0]) > 500_000;
      },
      database: async () => {
        const tables = `SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'alfa_${slug}'`;
        return Number(await sql(site, tables)) > 0;
      },
    };
    await eventually(`the ${part} is on its way`, () => hasBegun[part]().catch(() => false), {
      timeoutMs: 180_000,
      intervalMs: 50,
    });
  };

  /** No operation has it, and nothing of it is kept where it has been. */
  const settled = (traveller: Traveller): Promise<true> =>
    eventually(
      `${traveller.slug} is settled`,
      async () => {
        const { attributes, relationships } = await document(traveller);
        return (attributes.held === null && relationships.runningOperation.data === null) || undefined;
      },
      // A removal that has failed, as while a cable is cut, is tried again after ten minutes.
      { timeoutMs: 840_000 },
    );

  /** It serves on one server, as nobody has ever worked on it, and has all that it had. */
  const expectWhole = async (traveller: Traveller): Promise<Site> => {
    await settled(traveller);
    const { attributes, relationships, links } = await document(traveller);
    const { status, maintenance } = attributes;
    expect([status, maintenance, relationships.runningOperation.data]).toEqual(['active', null, null]);
    const site = await home(traveller);
    await eventually(
      `${traveller.slug} serves`,
      async () => (await visit(links.cloud, '/', { machine: site.machine.address })).status === 200,
      { timeoutMs: 60_000 },
    );
    const { slug, acknowledged, ballast } = traveller;
    const rows = Number(
      await sql(site, `SELECT COUNT(*) FROM alfa_${slug}.writes WHERE n <= ${acknowledged}`),
    );
    const listed = await inside(site, traveller, 'ls /app/storage/writes 2>/dev/null');
    const files = listed.stdout.split('\n').filter((name) => name !== '' && Number(name) <= acknowledged);
    expect([slug, rows, files.length, await ballastOf(site, traveller)]).toEqual([
      slug,
      acknowledged,
      acknowledged,
      ballast,
    ]);
    return site;
  };

  /** A copy of it on that server holds what it does, and serves. */
  const expectCopied = async (traveller: Traveller, site: Site, copyId: string): Promise<void> => {
    const slug = copySlug(traveller);
    const { links } = (await world.call('GET', `/clients/${copyId}`)).body.data;
    const page = await visit(links.cloud, '/', { machine: site.machine.address });
    const rows = Number(await sql(site, `SELECT COUNT(*) FROM \`alfa_${slug}\`.writes`));
    expect([slug, page.status, await ballastOf(site, { slug })]).toEqual([slug, 200, traveller.ballast]);
    expect(rows).toBeGreaterThanOrEqual(traveller.acknowledged);
  };

  /** The servers have what belongs to these clients, each where it lives, and nothing else. */
  const expectNothingElse = async (travellers: readonly Traveller[]): Promise<void> => {
    const homes = await Promise.all(travellers.map(home));
    for (const site of sites) {
      const slugs = travellers.filter((_, index) => homes[index] === site).map(({ slug }) => slug);
      expect(await inventoryOf(site)).toEqual(expectedOf(slugs));
    }
  };

  return {
    create,
    home,
    write,
    forgetWrites,
    underWay,
    settled,
    expectWhole,
    expectCopied,
    expectNothingElse,
  };
};

/** Of a copy of the client. */
export const copySlug = ({ slug }: Pick<Traveller, 'slug'>): string => `${slug}-stage`;

/** Our own connection has the same trouble. */
export const inventoryOf = ({ place }: Pick<Site, 'place'>): Promise<Inventory> =>
  eventually('the server can be looked at', () => inventory(place.server), { timeoutMs: 90_000 });

/** What is on a server with these clients. */
export const expectedOf = (slugs: readonly string[]): Inventory => ({
  containers: [...slugs.map((slug) => `alfa-${slug}`), 'alfa-database', 'alfa-proxy'].sort(),
  volumes: [...slugs.map((slug) => `alfa-${slug}-storage`), 'alfa-database'].sort(),
  networks: ['alfa', ...slugs.map((slug) => `alfa-${slug}`)].sort(),
  databases: slugs.map((slug) => `alfa_${slug}`).sort(),
  databaseUsers: slugs.map((slug) => `alfa_${slug}`).sort(),
  clientFiles: slugs
    .flatMap((slug) => ['client.env', 'owner.json', 'vhost.conf'].map((name) => `${slug}/${name}`))
    .sort(),
});

/** Where several operations wait for each other, so that one trouble meets all of them. */
export const meetingPoint = (expected: number, trouble: () => Promise<void>) => {
  let arrived = 0;
  let begun: Promise<void> | undefined;
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const begin = () => {
    begun ??= trouble().finally(open);
  };
  return {
    /** Waits for the others and the begin of the trouble; for those that never come only so long. */
    async arrive(): Promise<void> {
      arrived += 1;
      if (arrived === expected) begin();
      const late = setTimeout(begin, 120_000);
      await gate;
      clearTimeout(late);
      await begun;
    },
  };
};

import { createHash } from 'node:crypto';
import { ownSql } from './fake-own-sql.ts';
import type { FakeCloudServer, FakeContainer } from '@alfa-cloud/cloud-server/testing';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { hostOf, type FakeHost, type FakePage } from './fake-hosts.ts';
import { proxyConfigurationFile } from '../src/resources/proxy/proxy-file.ts';
import { proxyDigest } from '../src/on-server/proxy-configuration.ts';
import type {
  ExecRequest,
  ExecResult,
  OutputLine,
  PortRequest,
  PortResponse,
} from '@alfa-cloud/cloud-server';
import { vhostProbe } from '../src/on-server/virtual-host.ts';
import { backupTransfer, databaseTransfer, storageTransfer, tablesAnswer } from './fake-transfer.ts';

/** What the database of the fake server holds. */
export interface FakeDatabase {
  /** Comment by name. */
  databases: Map<string, string>;
  /** Password by account. */
  users: Map<string, string>;
  /** The row of `cloud_settings` by database. */
  settings: Map<string, FakeSettings>;
  /** Everything else in it, by database: what a dump holds and a migration changes. */
  content: Map<string, string>;
  /** As `SELECT VERSION()` tells it. */
  version: string;
  /** SQL that ran by an account of its own, and on which database, in order. */
  ownSql: { database: string; account: string; sql: string }[];
  /** A maintenance message that the database does not take. */
  refusedMessage?: string;
}

export interface FakeSettings {
  expiresAt: string;
  maintenance: boolean;
  message: string | null;
  quickStart: boolean;
  tutorial: boolean;
}

export interface FakeLaboratory extends FakeCloudServer {
  readonly database: FakeDatabase;
  /** Hosts that the proxy has loaded. */
  readonly hosts: Map<string, FakeHost>;
  /** What visitors of a host see in place of the application; null: nothing. */
  pageOf(host: string): FakePage | null;
  /** What its proxy answers; null while it does not run. */
  answer(request: PortRequest): PortResponse | null;
  /** How often the proxy was told to read its configuration again. */
  reloads(): number;
  /** Command lines run in client containers. */
  readonly commands: string[];
  /** What these commands got on their standard input. */
  readonly inputs: string[];
  /** What volumes hold, by name. */
  readonly storage: Map<string, string>;
}

export interface FakeLaboratoryOptions {
  /** Answer of a command in a client's container, by its words; absent: exit code 0. */
  command?(words: string): Partial<ExecResult> | undefined;
  onStart?: (name: string, container: FakeContainer) => void;
  lastLines?: (name: string) => string;
  /** Output of a container other than the proxy. Default: none. */
  outputLines?: (name: string) => OutputLine[];
  /** Answer of a script of a backup (`alfa-dump`, `alfa-load`, `alfa-pack`, `alfa-unpack`) in place of what it does. */
  script?(name: string): Partial<ExecResult> | undefined;
  /** Status of `/healthz` of a client's container, asked for its health or under the client's own host. Default 200. */
  health?(container: string, host: string): number;
  onReboot?: () => void;
  /** Answer of a proxy elsewhere to which a request is passed on; null: it can't be reached. */
  reach?(address: string, request: PortRequest): PortResponse | null;
}

/** A server in memory on which MariaDB, nginx and the client application do what the provisioner asks of them. */
export const fakeLaboratory = (options: FakeLaboratoryOptions = {}): FakeLaboratory => {
  const database: FakeDatabase = {
    databases: new Map(),
    users: new Map(),
    settings: new Map(),
    content: new Map(),
    version: '10.11.6-MariaDB',
    ownSql: [],
  };
  const storage = new Map<string, string>();
  const hosts = new Map<string, FakeHost>();
  const commands: string[] = [];
  const inputs: string[] = [];
  const printed = new Map<string, Partial<ExecResult>>();
  const printedByProxy: OutputLine[] = [];
  let ownDigest = '';
  let reloads = 0;
  const load = (): void => {
    hosts.clear();
    ownDigest = proxyDigest(server.disk.files.get(proxyConfigurationFile.path)?.content ?? '') ?? '';
    for (const [path, { content }] of server.disk.files) {
      if (!isVhost(path)) continue;
      for (const block of content.split(/^server \{$/m).slice(1)) {
        const names = /server_name ([^;]+);/.exec(block)?.[1] ?? '';
        for (const host of names.split(' ')) hosts.set(host, hostOf(block));
      }
    }
  };
  const nginx = (words: string): Partial<ExecResult> => {
    const damaged = damagedFile(server);
    if (damaged !== null) {
      return { exitCode: 1, stderr: `nginx: [emerg] unexpected "}" in ${damaged}:3\n` };
    }
    if (words.endsWith('reload')) {
      reloads += 1;
      load();
    }
    return {};
  };
  const exec = ({ container, request: asked }: { container: string; request: ExecRequest }) => {
    // Priority and a bound on the time, which mean nothing here.
    const bare = asked.argv[0] === 'nice' ? asked.argv.slice(8) : asked.argv;
    const request = { ...asked, argv: bare[0] === 'timeout' ? bare.slice(3) : bare };
    const words = request.argv.join(' ');
    if (request.argv[0] === 'ls') return { stdout: listing(server, container, request.argv.at(-1) ?? '') };
    if (container === 'alfa-database' && request.argv[0] === 'bash') {
      const refused = options.script?.(request.argv[3] ?? '');
      const [words, stdin] = [request.argv.slice(3), request.stdin ?? ''];
      const transferred = () =>
        databaseTransfer(database, words, stdin) ?? backupTransfer(server.disk, words, stdin);
      return refused ?? transferred() ?? databaseScript(server, database, request);
    }
    if (container === 'alfa-database') return sql(database, request.stdin ?? '');
    if (container === 'alfa-proxy') return nginx(words);
    if (container.includes('.transfer')) {
      const script = request.argv[3] ?? '';
      const mounts = server.engine.containers.get(container)?.spec.mounts ?? [];
      const volume = mounts.find((mount) => mount.kind === 'volume')?.volume ?? '';
      return options.script?.(script) ?? storageTransfer(storage, volume, script, request.stdin ?? '') ?? {};
    }
    commands.push(words);
    if (request.stdin !== undefined) inputs.push(request.stdin);
    return options.command?.(words) ?? {};
  };
  const pageOf = (name: string): FakePage | null => {
    const host = hosts.get(name);
    if (host === undefined || host.page !== null) return host?.page ?? null;
    return host.closing !== null && server.disk.files.has(host.closing.file) ? host.closing : null;
  };
  const get = (request: PortRequest): PortResponse | null => {
    if (server.engine.containers.get('alfa-proxy')?.status !== 'running') return null;
    const host = hosts.get(request.host);
    if (host !== undefined && host.forward !== null) return forwarded(host, host.forward, request);
    if (host !== undefined && request.path === vhostProbe) {
      return { status: 404, headers: { 'x-alfa-vhost': host.digest }, body: '' };
    }
    const page = pageOf(request.host);
    if (page !== null && request.path !== '/healthz') return page;
    const [, operationId] = /^\/containers\/(.*)$/.exec(request.path) ?? [];
    const isHealth = request.host === 'health.alfa.internal' && operationId !== undefined;
    const upstream = isHealth ? `${operationId}.alfa` : host?.upstream;
    if (upstream === undefined) {
      const isOwn = request.host === 'health.alfa.internal';
      return { status: 404, headers: isOwn ? { 'x-alfa-proxy': ownDigest } : {}, body: '' };
    }
    const proxy = server.engine.containers.get('alfa-proxy');
    const isFound = ([network, { aliases }]: readonly [string, { aliases: readonly string[] }]) =>
      aliases.includes(upstream) && proxy?.networks.has(network) === true;
    const [container] =
      [...server.engine.containers].find(
        ([, { networks, status }]) => status === 'running' && [...networks].some(isFound),
      ) ?? [];
    const status = container === undefined ? 502 : (options.health?.(container, request.host) ?? 200);
    const headers =
      host === undefined
        ? { 'x-alfa-container': operationId ?? '' }
        : { 'x-alfa-client': host.client, 'x-alfa-vhost': host.digest };
    return { status, headers, body: '' };
  };
  const forwarded = (
    { digest }: FakeHost,
    forward: NonNullable<FakeHost['forward']>,
    request: PortRequest,
  ): PortResponse => {
    if ('passedTo' in forward) {
      return options.reach?.(forward.passedTo, request) ?? { status: 502, headers: {}, body: '' };
    }
    const headers = { location: `${forward.redirect}${request.path}`, 'x-alfa-vhost': digest };
    return { status: 308, headers, body: '' };
  };
  const server = fakeCloudServer({
    onReboot: () => options.onReboot?.(),
    images: { 'alfa/client:1': { user: '33:33' }, 'alfa/mariadb:10.11': {}, 'alfa/nginx:1': {} },
    exec,
    get,
    onStart(name, container) {
      const { argv } = container.spec;
      if (name === 'alfa-proxy') {
        const damaged = damagedFile(server);
        printedByProxy.length = 0;
        if (damaged === null) load();
        else {
          container.status = 'restarting';
          const at = new Date().toISOString();
          printedByProxy.push({ at, text: `nginx: [emerg] unexpected "}" in ${damaged}:3` });
        }
      }
      if (argv?.[0] !== 'bash') {
        options.onStart?.(name, container);
        return;
      }
      const result = options.script?.(argv[3] ?? '') ?? storageScript(server, storage, container);
      printed.set(name, result);
    },
    exitCode: (name) => printed.get(name)?.exitCode ?? 0,
    outputLines: (name) => (name === 'alfa-proxy' ? printedByProxy : (options.outputLines?.(name) ?? [])),
    lastLines: (name) => {
      const result = printed.get(name);
      if (result === undefined) return options.lastLines?.(name) ?? '';
      return `${result.stdout ?? ''}${result.stderr ?? ''}`;
    },
  });
  return {
    ...server,
    database,
    hosts,
    pageOf,
    answer: get,
    reloads: () => reloads,
    commands,
    inputs,
    storage,
  };
};

const isVhost = (path: string): boolean => /^clients\/[^/]+\/vhost\.conf$/.test(path);

/** The file at which nginx would stop reading, as it sees it: one whose braces do not match. Null: all is well. */
const damagedFile = ({ disk }: FakeCloudServer): string | null => {
  for (const [path, { content }] of disk.files) {
    const bare = content.replaceAll(/"[^"]*"|'[^']*'/g, '');
    if (bare.split('{').length === bare.split('}').length) continue;
    if (path.startsWith('proxy/conf.d/')) return `/etc/nginx/conf.d/${path.slice('proxy/conf.d/'.length)}`;
    if (isVhost(path)) return `/srv/alfa/${path}`;
  }
  return null;
};

/** What `ls -A` prints in a container of a directory that is mounted into it. */
const listing = ({ engine, disk }: FakeCloudServer, container: string, directory: string): string => {
  const mounts = engine.containers.get(container)?.spec.mounts ?? [];
  const mount = mounts.find(({ kind, target }) => kind === 'bind' && target === directory);
  if (mount?.kind !== 'bind') return '';
  const below = `${mount.source.replace('/srv/alfa/', '')}/`;
  const names = [...disk.files.keys(), ...disk.directories].filter((path) => path.startsWith(below));
  return [...new Set(names.map((path) => path.slice(below.length).split('/')[0]))].join('\n');
};

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file of a backup in the eyes of the fake disk. */
const backupFile = (directory: string, name: string): string =>
  `${directory.replace(/^\/(?:var\/backups\/alfa|srv\/alfa\/backups)/, 'backups')}/${name}`;

/** What the scripts of a backup do in the container of the database. */
const databaseScript = (
  { disk }: FakeCloudServer,
  database: FakeDatabase,
  { argv, stdin = '' }: ExecRequest,
): Partial<ExecResult> => {
  if (argv[3] === 'alfa-own-sql') return ownSql(database, argv, stdin);
  const [, , , script, directory = '', name = '', account = '', , sum, , , begun = ''] = argv;
  const file = backupFile(directory, 'database.sql.gz');
  if (script === 'alfa-dump') {
    if (!database.databases.has(name))
      return { exitCode: 1, stderr: `ERROR 1049: Unknown database '${name}'` };
    const content = database.content.get(name) ?? '';
    disk.files.set(file, { content, mode: 0o600 });
    return { stdout: `bytes=${content.length} sha256=${sumOf(content)} tables=3 migrations=3\n` };
  }
  const dump = disk.files.get(file)?.content;
  if (dump === undefined) return { exitCode: 91, stderr: `There is no file ${file}` };
  if (sumOf(dump) !== sum) return { exitCode: 92, stderr: 'The dump is not what it was when it was made' };
  const before = backupFile(begun.slice(0, begun.lastIndexOf('/')), begun.slice(begun.lastIndexOf('/') + 1));
  if (!disk.files.has(before)) {
    disk.files.set(before, { content: database.databases.has(name) ? '1\n' : '0\n', mode: 0o600 });
  }
  const made = sql(database, stdin);
  if (made.exitCode !== undefined && made.exitCode !== 0) return made;
  if (!database.users.has(account)) return { exitCode: 1, stderr: `No account ${account}` };
  database.content.set(name, dump);
  return { stdout: 'tables=3\n' };
};

/** What the scripts of a backup do in the container that has the client's volume. */
const storageScript = (
  { disk }: FakeCloudServer,
  storage: Map<string, string>,
  { spec }: FakeContainer,
): Partial<ExecResult> => {
  const [, , , script, , , sum] = spec.argv ?? [];
  const volume = spec.mounts.find((mount) => mount.kind === 'volume')?.volume ?? '';
  const bind = spec.mounts.find((mount) => mount.kind === 'bind')?.source ?? '';
  const file = backupFile(bind, 'storage.tar.gz');
  if (script === 'alfa-pack') {
    const content = storage.get(volume) ?? '';
    disk.files.set(file, { content, mode: 0o600 });
    return { stdout: `bytes=${content.length} sha256=${sumOf(content)} files=1\n` };
  }
  const archive = disk.files.get(file)?.content;
  if (archive === undefined) return { exitCode: 91, stderr: `There is no file ${file}` };
  if (sumOf(archive) !== sum)
    return { exitCode: 92, stderr: 'The archive is not what it was when it was made' };
  storage.set(volume, archive);
  return { stdout: 'files=1\n' };
};

/** Understands exactly the statements that the provisioner writes; anything else is a syntax error. */
const sql = (database: FakeDatabase, script: string): Partial<ExecResult> => {
  let stdout = '';
  for (const statement of script.split(';\n').filter((line) => line.trim() !== '')) {
    const answer = run(database, statement);
    if (answer === null) return { exitCode: 1, stderr: `ERROR 1064 (42000) at line 1: near '${statement}'` };
    stdout += answer;
  }
  return { stdout };
};

const run = (database: FakeDatabase, statement: string): string | null => {
  const { databases, users, settings, refusedMessage } = database;
  const names = [...statement.matchAll(/[`']([^`']*)[`']/g)].map(([, name]) => name ?? '');
  const [first = '', second = ''] = names;
  if (/^SET SESSION|^GRANT |^SELECT 1$|^KILL HARD USER |^CREATE TABLE IF NOT EXISTS/.test(statement))
    return '';
  if (statement.startsWith('SELECT (SELECT SCHEMA_COMMENT')) {
    return `${databases.get(first) ?? 'NULL'}\t${users.has(second) ? 1 : 0}\n`;
  }
  if (statement.startsWith('CREATE DATABASE IF NOT EXISTS')) {
    if (!databases.has(first)) databases.set(first, second);
    return '';
  }
  if (statement.startsWith('CREATE DATABASE `')) {
    if (databases.has(first)) return null;
    databases.set(first, second);
    return '';
  }
  if (/^(?:CREATE USER IF NOT EXISTS|ALTER USER)/.test(statement)) {
    users.set(first, names[2] ?? '');
    return '';
  }
  if (statement.startsWith('DROP USER IF EXISTS')) {
    users.delete(first);
    return '';
  }
  if (statement.startsWith('DROP DATABASE IF EXISTS')) {
    databases.delete(first);
    settings.delete(first);
    database.content.delete(first);
    return '';
  }
  if (statement.startsWith('INSERT INTO')) {
    if (refusedMessage !== undefined && statement.includes(`'${refusedMessage}'`)) return null;
    settings.set(first, settingsAfter(statement, settings.get(first)));
    return '';
  }
  if (statement === 'SELECT VERSION()') return `${database.version}\n`;
  // Since yesterday.
  if (statement.includes("VARIABLE_NAME = 'UPTIME'")) return '86400\n';
  if (statement === "SELECT 'end of settings'") return 'end of settings\n';
  if (/ FROM `[^`]*`\.cloud_settings WHERE id = 1$/.test(statement)) {
    return settingsAnswer(statement, settings.get(names.at(-1) ?? ''), names.at(-1) ?? '');
  }
  const told = tablesAnswer(database, statement);
  if (told !== null) return told;
  if (statement.startsWith('SELECT SCHEMA_NAME')) return lines([...databases.keys()]);
  if (statement.startsWith('SELECT DISTINCT User')) return lines([...users.keys()]);
  return null;
};

/** The line of a `SELECT` that compares the row of settings, and with `HEX(…)` of one that reads it as well. */
const settingsAnswer = (statement: string, row: FakeSettings | undefined, name: string): string => {
  if (row === undefined) return '';
  const literal = /<=> (?:BINARY )?(TRUE|FALSE|NULL|'(?:[^'\\]|\\.)*')/g;
  const expected = [...statement.matchAll(literal)].map(([, value = '']) => value);
  const flag = (value: boolean) => (value ? 'TRUE' : 'FALSE');
  const message = row.message === null ? 'NULL' : `'${row.message}'`;
  const found = [
    flag(row.maintenance),
    message,
    `'${row.expiresAt}'`,
    flag(row.quickStart),
    flag(row.tutorial),
  ];
  const same = found.map((value, index) => (value === expected[index] ? '1' : '0'));
  if (!statement.includes('HEX(')) return `${[name, ...same].join('\t')}\n`;
  const hex = row.message === null ? 'NULL' : Buffer.from(row.message).toString('hex').toUpperCase();
  const instant = `${row.expiresAt.replace(' ', 'T')}Z`;
  const bit = (value: boolean) => (value ? '1' : '0');
  const values = [
    bit(row.maintenance),
    hex,
    instant,
    bit(row.quickStart),
    bit(row.tutorial),
    '2026-01-01T00:00:00Z',
  ];
  return `${[...values, ...same].join('\t')}\n`;
};

const settingsAfter = (statement: string, before: FakeSettings | undefined): FakeSettings => {
  const [, flag, message = 'NULL', expiresAt = '', quickStart, tutorial] =
    /VALUES \(1, (TRUE|FALSE), (NULL|'(?:[^'\\]|\\.)*'), '([^']*)', (TRUE|FALSE), (TRUE|FALSE)/.exec(
      statement,
    ) ?? [];
  const row: FakeSettings = {
    expiresAt,
    maintenance: flag === 'TRUE',
    message: message === 'NULL' ? null : message.slice(1, -1),
    quickStart: quickStart === 'TRUE',
    tutorial: tutorial === 'TRUE',
  };
  if (before === undefined) return row;
  const changes = (column: string) => statement.includes(`${column} = VALUES(${column})`);
  return {
    expiresAt: changes('expires_at') ? row.expiresAt : before.expiresAt,
    maintenance: changes('maintenance') ? row.maintenance : before.maintenance,
    message: changes('maintenance_message') ? row.message : before.message,
    quickStart: changes('quick_start') ? row.quickStart : before.quickStart,
    tutorial: changes('tutorial') ? row.tutorial : before.tutorial,
  };
};

const lines = (names: string[]): string =>
  names
    .sort()
    .map((name) => `${name}\n`)
    .join('');

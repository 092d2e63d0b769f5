import type { FakeCloudServer, FakeContainer } from '@alfa-cloud/cloud-server/testing';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import type { ExecRequest, ExecResult, PortRequest, PortResponse } from '@alfa-cloud/cloud-server';

/** What the database of the fake server holds. */
export interface FakeDatabase {
  /** Comment by name. */
  databases: Map<string, string>;
  /** Password by account. */
  users: Map<string, string>;
  /** `expires_at` by database. */
  settings: Map<string, string>;
}

export interface FakeLaboratory extends FakeCloudServer {
  readonly database: FakeDatabase;
  /** Hosts that the proxy has loaded. */
  readonly hosts: Map<string, string>;
  /** Command lines run in client containers. */
  readonly commands: string[];
}

export interface FakeLaboratoryOptions {
  /** Answer of a command in a client's container, by its words; absent: exit code 0. */
  command?(words: string): Partial<ExecResult> | undefined;
  onStart?: (name: string, container: FakeContainer) => void;
  lastLines?: (name: string) => string;
  /** Status of `/healthz` of a client's container, asked for its health or under the client's own host. Default 200. */
  health?(container: string, host: string): number;
}

/** A server in memory on which MariaDB, nginx and the client application do what the provisioner asks of them. */
export const fakeLaboratory = (options: FakeLaboratoryOptions = {}): FakeLaboratory => {
  const database: FakeDatabase = { databases: new Map(), users: new Map(), settings: new Map() };
  const hosts = new Map<string, string>();
  const commands: string[] = [];
  const nginx = (words: string): Partial<ExecResult> => {
    if (words.endsWith('reload')) {
      hosts.clear();
      for (const [path, { content }] of server.disk.files) {
        if (!/^clients\/[^/]+\/vhost\.conf$/.test(path)) continue;
        const host = /server_name (\S+);/.exec(content)?.[1] ?? '';
        hosts.set(host, /http:\/\/(\S+):8000;/.exec(content)?.[1] ?? '');
      }
    }
    return {};
  };
  const exec = ({ container, request }: { container: string; request: ExecRequest }) => {
    const words = request.argv.join(' ');
    if (container === 'alfa-database') return sql(database, request.stdin ?? '');
    if (container === 'alfa-proxy') return nginx(words);
    commands.push(words);
    return options.command?.(words) ?? {};
  };
  const get = (request: PortRequest): PortResponse | null => {
    if (server.engine.containers.get('alfa-proxy')?.status !== 'running') return null;
    const container =
      request.host === 'health.alfa.internal' ? `alfa-${request.path.slice(9)}` : hosts.get(request.host);
    if (container === undefined || container === 'alfa-') return { status: 404, headers: {}, body: '' };
    const runs = server.engine.containers.get(container)?.status === 'running';
    const status = runs ? (options.health?.(container, request.host) ?? 200) : 502;
    return { status, headers: { 'x-alfa-client': container.slice(5) }, body: '' };
  };
  const server = fakeCloudServer({
    images: { 'alfa/client:1': { user: '33:33' }, 'alfa/mariadb:10.11': {}, 'alfa/nginx:1': {} },
    exec,
    get,
    ...(options.onStart === undefined ? {} : { onStart: options.onStart }),
    ...(options.lastLines === undefined ? {} : { lastLines: options.lastLines }),
  });
  return { ...server, database, hosts, commands };
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

const run = ({ databases, users, settings }: FakeDatabase, statement: string): string | null => {
  const names = [...statement.matchAll(/[`']([^`']*)[`']/g)].map(([, name]) => name ?? '');
  const [first = '', second = ''] = names;
  if (/^SET SESSION|^GRANT |^SELECT 1$|^CREATE TABLE IF NOT EXISTS/.test(statement)) return '';
  if (statement.startsWith('SELECT (SELECT SCHEMA_COMMENT')) {
    return `${databases.get(first) ?? 'NULL'}\t${users.has(second) ? 1 : 0}\n`;
  }
  if (statement.startsWith('CREATE DATABASE IF NOT EXISTS')) {
    if (!databases.has(first)) databases.set(first, second);
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
    return '';
  }
  if (statement.startsWith('INSERT INTO')) {
    settings.set(first, second);
    return '';
  }
  if (statement.startsWith('SELECT SCHEMA_NAME')) return lines([...databases.keys()]);
  if (statement.startsWith('SELECT DISTINCT User')) return lines([...users.keys()]);
  return null;
};

const lines = (names: string[]): string =>
  names
    .sort()
    .map((name) => `${name}\n`)
    .join('');

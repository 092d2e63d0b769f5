import { createHash } from 'node:crypto';
import type { ExecResult } from '@alfa-cloud/cloud-server';
import type { FakeDisk } from '@alfa-cloud/cloud-server/testing';
import type { FakeSettings } from './fake-laboratory.ts';

/** What transfers read and write of a database in memory. */
interface Database {
  databases: ReadonlyMap<string, string>;
  users: ReadonlyMap<string, string>;
  settings: Map<string, FakeSettings>;
  content: Map<string, string>;
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const dumpOf = ({ content, settings }: Database, name: string): string =>
  JSON.stringify([content.get(name) ?? '', settings.get(name) ?? null]);

/** What the scripts do that bring a database over; undefined for others. */
export const databaseTransfer = (
  database: Database,
  [script = '', name = '', account = '']: readonly string[],
  stdin: string,
): Partial<ExecResult> | undefined => {
  if (script === 'alfa-dump-out') {
    if (!database.databases.has(name))
      return { exitCode: 1, stderr: `ERROR 1049: Unknown database '${name}'` };
    return { stdout: dumpOf(database, name), stderr: 'tables=3\n' };
  }
  if (script !== 'alfa-load-in') return undefined;
  if (!database.databases.has(name) || !database.users.has(account))
    return { exitCode: 1, stderr: `ERROR 1049: no database ${name} or no account ${account}` };
  const [content, settings] = JSON.parse(stdin) as [string, FakeSettings | null];
  database.content.set(name, content);
  if (settings === null) database.settings.delete(name);
  else database.settings.set(name, settings);
  return { stdout: 'tables=3\n' };
};

/** What the scripts do that bring a backup over; undefined for others. */
export const backupTransfer = (
  disk: FakeDisk,
  [script = '', directory = '', ...words]: readonly string[],
  stdin: string,
): Partial<ExecResult> | undefined => {
  const path = (name: string) => `${directory.replace('/var/backups/alfa', 'backups')}/${name}`;
  if (script === 'alfa-backup-out') {
    return { stdout: JSON.stringify(words.map((name) => disk.files.get(path(name))?.content)) };
  }
  if (script !== 'alfa-backup-in') return undefined;
  for (const [index, content] of (JSON.parse(stdin) as string[]).entries()) {
    const [name = '', sum] = words.slice(2 * index);
    if (sumOf(content) !== sum) return { exitCode: 92, stderr: `File ${name} is not what it was` };
    disk.files.set(path(name), { content, mode: 0o600 });
  }
  return {};
};

/** Answers to the questions of a measurement and of a verification: each database has a table, and that of the settings. Null: it is another question. */
export const tablesAnswer = (database: Database, statement: string): string | null => {
  const names = [...statement.matchAll(/[`']([^`']*)[`']/g)].map(([, name]) => name ?? '');
  const table = Buffer.from('data').toString('hex');
  const ofSettings = Buffer.from('cloud_settings').toString('hex');
  if (statement.startsWith('SELECT HEX(TABLE_NAME)')) return `${table}\n${ofSettings}\n`;
  if (statement.startsWith('SELECT HEX(t.TABLE_NAME)')) {
    const bytes = database.content.get(names.at(-3) ?? '')?.length ?? 0;
    return `${table}\t${bytes}\tNULL\tNULL\n`;
  }
  if (/^SELECT 1 FROM .* LIMIT 1$/.test(statement)) return '1\n';
  if (statement.startsWith('SELECT COUNT(*) FROM `')) return '1\n';
  const [first = '', second = ''] = names;
  if (statement.startsWith('CHECKSUM TABLE')) {
    const { content, settings } = database;
    const of = second === 'data' ? content.get(first) : JSON.stringify(settings.get(first));
    return `${first}.${second}\t${sumOf(of ?? '')}\n`;
  }
  return null;
};

/** What the scripts do that see a volume; undefined for others. */
export const storageTransfer = (
  storage: Map<string, string>,
  volume: string,
  script: string,
  stdin: string,
): Partial<ExecResult> | undefined => {
  const own = storage.get(volume) ?? '';
  switch (script) {
    case 'alfa-list':
    case 'alfa-send':
    case 'alfa-digest-list':
      return { stdout: own };
    case 'alfa-compare':
      return { stdout: `sent=${own === stdin ? 0 : 1} removed=0 bytes=${own === stdin ? 0 : own.length}\n` };
    case 'alfa-receive':
      storage.set(volume, stdin);
      return {};
    case 'alfa-count':
      return { stdout: 'counted=1\n' };
    case 'alfa-digest':
      return { stdout: `names=1 bytes=${own.length} digest=${sumOf(own)} attributes=-\n` };
    case 'alfa-differ':
      return { stdout: './file\n' };
    case 'alfa-measure':
      return { stdout: `files=1 bytes=${own.length}\n` };
    default:
      return undefined;
  }
};

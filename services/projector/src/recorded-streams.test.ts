import type { Queries } from '@alfa-cloud/contracts';
import { decodeEvent, type RecordedEvent } from '@alfa-cloud/event-sourcing';
import { expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { openStore, type Store } from './read-models/store.ts';

/**
 * Streams that the provisioner of November 2026 wrote, with the answers that the read models of that time gave about them: what later versions
 * have to understand for good. How the two files are made says testing/recorded/README.md.
 */
const directory = join(import.meta.dirname, '../../../testing/recorded');
const answersFile = join(directory, 'answers.json.gz');

interface Recorded {
  world: number;
  stream: string;
  event: Parameters<typeof decodeEvent>[0];
}

const unzipped = async (file: string) => (await promisify(gunzip)(await readFile(file))).toString('utf8');

/** Events by the world that they were written in, each as if it were alone in its event store. */
const readWorlds = async (): Promise<RecordedEvent[][]> => {
  const lines = (await unzipped(join(directory, 'streams.jsonl.gz'))).trimEnd().split('\n');
  const worlds: RecordedEvent[][] = [];
  const revisions = new Map<string, bigint>();
  for (const line of lines) {
    const { world, stream, event } = JSON.parse(line) as Recorded;
    const revision = (revisions.get(`${world} ${stream}`) ?? -1n) + 1n;
    revisions.set(`${world} ${stream}`, revision);
    const events = (worlds[world] ??= []);
    events.push(decodeEvent(event, { stream, revision, position: BigInt(events.length + 1) * 100n }));
  }
  return worlds;
};

const idsIn = (events: readonly RecordedEvent[], prefix: string): string[] => [
  ...new Set(
    events.flatMap(({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : [])),
  ),
];

const answersOf = ({ answers }: Store, events: readonly RecordedEvent[]) => {
  const ask = <Request>(answer: (request: Request) => unknown, request: Request): unknown => {
    try {
      return JSON.parse(String(answer(request)));
    } catch (error) {
      return String(error);
    }
  };
  const page = { number: 1, size: 100 };
  const clientIds = idsIn(events, 'client-');
  const history = JSON.parse(
    String(answers.ListHistory({ page, filter: {}, events: 'all' })),
  ) as Queries['ListHistory']['result'];
  return {
    servers: idsIn(events, 'server-').map((id) => ask(answers.GetServer, { id })),
    clients: clientIds.map((id) => ask(answers.GetClient, { id })),
    expireDates: clientIds.map((clientId) => ask(answers.ListExpireDateChanges, { clientId, page })),
    backups: ask(answers.ListBackups, { clientId: null, include: 'all', page }),
    operations: idsIn(events, 'operation-').map((id) => ask(answers.GetOperation, { id })),
    history: history.items.map(({ kind, summary, reason, target, at }) => ({
      kind,
      summary,
      reason,
      target,
      at,
    })),
  };
};

test('streams of the version before are told as that version told them', async () => {
  const now = new Date('2026-11-27T00:00:00.000Z');
  const answered = (await readWorlds()).map((events) => {
    const store = openStore(':memory:', () => now, { fresh: false });
    try {
      store.apply(events, new Map());
      return answersOf(store, events);
    } finally {
      store.close();
    }
  });
  if (process.env['RECORD'] !== undefined) {
    await writeFile(answersFile, await promisify(gzip)(JSON.stringify(answered)));
  }
  expect(answered.length).toBeGreaterThan(10);
  // What later versions tell besides is not compared.
  expect(answered).toMatchObject(JSON.parse(await unzipped(answersFile)));
});

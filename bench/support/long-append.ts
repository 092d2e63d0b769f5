/** Appends so many events in one go to a new stream when a line comes in, and says when it has been answered. */
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const [connectionString = '', count = '30000'] = process.argv.slice(2);
const client = EventStoreDBClient.connectionString(connectionString);
const events = Array.from({ length: Number(count) }, (_, n) => jsonEvent({ type: 'counted', data: { n } }));
// Connected before anything counts.
await client.appendToStream(`warm-${randomUUID()}`, events.slice(0, 10));
process.stdout.write('ready\n');
for await (const _ of createInterface(process.stdin)) {
  const fresh = events.map((event) => ({ ...event, id: randomUUID() }));
  process.stdout.write('begun\n');
  await client.appendToStream(`long-${randomUUID()}`, fresh);
  process.stdout.write('done\n');
}
await client.dispose();

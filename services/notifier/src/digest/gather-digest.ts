import type { OperationView, ServerView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { plusDays } from '../schedule/days.ts';
import type { Digest } from './digest.ts';

const listedMax = 50;
const expiringDays = 30;
const dayMs = 24 * 60 * 60 * 1000;
/** Failed operations looked at; of a day with more the counts are those of the newest. */
const operationsMax = 1000;
const pageSize = 100;

/** What the read models tell now. @throws MessagingUnavailable · Rejection */
export const gatherDigest = async (
  queries: Pick<QuerySender, 'ask'>,
  { day, now }: { day: string; now: Date },
): Promise<Digest> => {
  const page = { number: 1, size: pageSize };
  const { result: servers } = await queries.ask('ListServers', { active: 'active' });
  const { result: alerts } = await queries.ask('ListAlerts', { page, state: 'open', filter: {} });
  const nameOf = (id: string | null) => servers.items.find((server) => server.id === id)?.name ?? null;
  return {
    day,
    expiring: await expiringSoon(queries, day),
    servers: servers.items.filter(isIll).map(({ name, health }) => ({ name, health })),
    alerts: alerts.items
      .slice(0, listedMax)
      .map(({ code, serverId, about }) => ({ code, server: nameOf(serverId), about })),
    failed: countByKind(await failedSince(queries, new Date(now.getTime() - dayMs).toISOString())),
  };
};

/** What nobody knows is not told as an illness. */
const isIll = ({ health }: ServerView): boolean => health === 'degraded' || health === 'down';

const expiringSoon = async (queries: Pick<QuerySender, 'ask'>, day: string): Promise<Digest['expiring']> => {
  const ask = async (expiresBefore: string, number = 1) => {
    const { result } = await queries.ask('ListClients', {
      page: { number, size: pageSize },
      sort: [{ field: 'expireDate', descending: false }],
      filter: { status: 'active', copyOf: 'none', expiresBefore },
      includeServers: false,
    });
    return result;
  };
  // Those whose time is over are no news each day; they come first in the order of time, and are passed over.
  const { total: over } = await ask(day);
  const last = plusDays(day, expiringDays + 1);
  const first = Math.floor(over / pageSize) + 1;
  const soon = await ask(last, first);
  const { items: more } = await ask(last, first + 1);
  const clients = [...soon.items, ...more]
    .filter(({ expireDate }) => expireDate >= day)
    .map(({ slug, expireDate }) => ({ slug, expireDate }));
  return { total: soon.total - over, clients: clients.slice(0, listedMax) };
};

const failedSince = async (queries: Pick<QuerySender, 'ask'>, since: string): Promise<OperationView[]> => {
  const found: OperationView[] = [];
  for (let number = 1; number <= operationsMax / pageSize; number += 1) {
    const request = { page: { number, size: pageSize }, filter: { status: 'error' as const } };
    const { items } = (await queries.ask('ListOperations', request)).result;
    const recent = items.filter(({ finishedAt }) => finishedAt !== null && finishedAt >= since);
    found.push(...recent);
    if (recent.length < pageSize) break;
  }
  return found;
};

const countByKind = (operations: readonly OperationView[]): Digest['failed'] =>
  [...Map.groupBy(operations, ({ kind }) => kind)].map(([kind, { length: count }]) => ({ kind, count }));

import { message, reject } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import type { Clock } from '@alfa-cloud/service-kit';
import type { Monitor } from '../monitoring/monitor.ts';

const hourMs = 3_600_000;

/** The queries about what servers are busy with. */
export const monitoringQueries = (
  monitor: Monitor,
  clock: Clock,
): Pick<QueryHandlers, 'GetServerMonitoring' | 'GetMonitoringHistory'> => ({
  GetServerMonitoring: async ({ id, newest = false }) => ({
    result: await (newest ? monitor.newest(id) : monitor.now(id)),
  }),
  async GetMonitoringHistory({ id, stepSeconds, clientId, ...range }) {
    const to = range.to === undefined ? clock().getTime() : Date.parse(range.to);
    const from = range.from === undefined ? to - hourMs : Date.parse(range.from);
    if (!(from < to)) throw reject('validation_failed', message`"from" must lie before "to"`);
    const result = await monitor.history(id, {
      from,
      to,
      ...(stepSeconds === undefined ? {} : { stepMs: stepSeconds * 1000 }),
      ...(clientId === undefined ? {} : { clientId }),
    });
    return { result };
  },
});

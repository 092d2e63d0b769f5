import { Id, message, subjects, type ServerMonitoring } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { createStreamSlots } from '../http/event-stream.ts';
import { refuse } from '../http/problems.ts';
import { Moment, readMoment } from '../http/read-moment.ts';
import { type Answer, type Route, route } from '../http/route.ts';
import type { RouteServices } from '../services.ts';
import { presentServerMonitoring } from './present-monitoring.ts';
import { answerWithStream } from './view-stream.ts';

const stepMaxSeconds = 86_400;

/** What a server is busy with, and what was measured of it before. */
export const monitoringRoutes = (services: RouteServices): Route[] => {
  const slots = createStreamSlots(services.streamsMax);
  return [
    route({
      method: 'GET',
      path: '/servers/{id}/monitoring',
      summary:
        'What was measured of a server in a range of time, step by step; as text/event-stream each new measurement',
      answers: { 200: 'monitoring', 204: '' },
      offersEvents: true,
      parameters: Type.Object(
        {
          from: Moment,
          to: Moment,
          step: Type.Optional(Type.Integer({ minimum: 1, maximum: stepMaxSeconds })),
          'filter[client]': Type.Optional(Id),
        },
        { additionalProperties: false },
      ),
      async handle(request): Promise<Answer> {
        const { id, parameters } = request;
        const newest = async (options: { signal?: AbortSignal; timeoutMs?: number }) =>
          (await services.queries.ask('GetServerMonitoring', { id, newest: true }, options)).result;
        if (request.wantsEvents && request.method === 'GET') {
          return answerWithStream<ServerMonitoring>(services, request, {
            name: 'monitoring',
            subject: subjects.serverMeasured(id),
            slots,
            read: (signal) => newest({ signal }),
            present: (measured) => presentServerMonitoring(id, measured),
            changing: ({ checkedAt }) => checkedAt,
          });
        }
        const from = readMoment('from', parameters.from);
        const to = readMoment('to', parameters.to);
        if (from !== undefined && to !== undefined && from >= to) {
          throw refuse('invalid_parameter', message`"from" must lie before "to"`, { parameter: 'from' });
        }
        const { step, 'filter[client]': clientId } = parameters;
        const [history, current] = await Promise.all([
          services.queries.ask('GetMonitoringHistory', {
            id,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(step === undefined ? {} : { stepSeconds: step }),
            ...(clientId === undefined ? {} : { clientId }),
          }),
          // What is kept can be shown also when the server is away.
          newest({ timeoutMs: services.monitoringWaitMs }).catch((error: unknown) => {
            services.logger.debug({ err: error, serverId: id }, 'server could not be measured');
            return null;
          }),
        ]);
        return {
          status: 200,
          document: {
            data: presentServerMonitoring(id, current, history.result),
            links: { self: `/servers/${id}/monitoring` },
            ...metaOf(history.stale),
          },
        };
      },
    }),
  ];
};

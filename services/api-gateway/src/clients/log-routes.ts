import {
  message,
  type ContainerLogView,
  type ResourceOf,
  type containerLogResource,
  toOne,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { createStreamSlots, readLastEventId } from '../http/event-stream.ts';
import { refuse } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import {
  ContainerCursor,
  containerCursorPattern,
  linesMax,
  streamContainerLog,
} from './container-log-stream.ts';

/** Lines shown unless the sender says otherwise. */
const defaultTail = 100;
/** Streams of containers' output open at the same time. Each asks its server anew and again, so there are fewer than of logs in the read models. */
const containerStreamsMax = 32;

const LogParameters = Type.Object(
  {
    tail: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    'page[after]': Type.Optional(ContainerCursor),
  },
  { additionalProperties: false },
);
type LogRequest = ApiRequest<{ tail?: number; 'page[after]'?: string }>;

/** The output of a client's container, read from its server. */
export const containerLogRoutes = (services: RouteServices): Route[] => {
  const slots = createStreamSlots(Math.min(services.streamsMax, containerStreamsMax));

  const read = (
    { id, minPosition }: LogRequest,
    wanted: { tail: number; after: string | null },
    signal?: AbortSignal,
  ) =>
    services.queries.ask(
      'GetContainerLog',
      { clientId: id, ...wanted },
      { ...seeing({ minPosition }), ...(signal === undefined ? {} : { signal }) },
    );

  const stream = async (
    request: LogRequest,
    { tail, after }: { tail: number; after: string | null },
  ): Promise<Answer> => {
    const { lastEventId } = request;
    const last = lastEventId === undefined ? null : readLastEventId(lastEventId, containerCursorPattern);
    if (lastEventId !== undefined && last === null) {
      throw refuse('invalid_header', message`"Last-Event-ID" must be the id of an event of this stream`, {
        header: 'Last-Event-ID',
      });
    }
    // The end was seen: 204 is how an EventSource is told not to come back.
    if (last?.ended === true) return { status: 204 };
    const free = slots.take();
    if (free === null) throw refuse('busy', message`Too many streams of containers are open`);
    let first: ContainerLogView;
    try {
      const from = last?.cursor ?? after;
      first = (await read(request, { tail: from === null ? tail : linesMax, after: from })).result;
    } catch (error) {
      free();
      throw error;
    }
    return {
      async stream(response) {
        try {
          const { signal } = request;
          const readLines = async (cursor: string | null) =>
            (await read(request, { tail: cursor === null ? tail : linesMax, after: cursor }, signal)).result;
          await streamContainerLog({ first, read: readLines, response, signal });
        } finally {
          free();
        }
      },
    };
  };

  return [
    route({
      method: 'GET',
      path: '/clients/{id}/logs',
      summary:
        "Last lines of the client's container; as text/event-stream it goes on and resumes by Last-Event-ID",
      answers: { 200: 'container-logs', 204: '' },
      meta: { cursor: 'always' },
      offersEvents: true,
      parameters: LogParameters,
      async handle(request): Promise<Answer> {
        const { tail = defaultTail, 'page[after]': after = null } = request.parameters;
        if (request.wantsEvents && request.method === 'GET') return stream(request, { tail, after });
        const { result, stale } = await read(request, { tail, after });
        return {
          status: 200,
          document: {
            data: presentContainerLog(request.id, result),
            ...metaOf(stale, { cursor: result.cursor }),
          },
        };
      },
    }),
  ];
};

const presentContainerLog = (
  clientId: string,
  { lines }: ContainerLogView,
): ResourceOf<typeof containerLogResource> => ({
  type: 'container-logs',
  id: clientId,
  attributes: { lines },
  relationships: { client: toOne('clients', clientId) },
  links: { self: `/clients/${clientId}/logs` },
});

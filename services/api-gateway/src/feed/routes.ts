import { ChangesCursor, changesCursorPattern, message, subjects } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { createStreamSlots } from '../http/event-stream.ts';
import { refuse } from '../http/problems.ts';
import { type Answer, type Route, route } from '../http/route.ts';
import { watchSubject } from '../operations/operation-watch.ts';
import type { RouteServices } from '../services.ts';
import { createChangeSource } from './change-source.ts';
import { feedTimes, streamFeed, type FeedTimes } from './feed-stream.ts';
import { watchObservations, type Observed } from './observations.ts';
import { wantedParameters, wants, wantsType } from './wanted-changes.ts';

/** The live feed. */
export const feedRoutes = (services: RouteServices, times: FeedTimes = feedTimes): Route[] => {
  const slots = createStreamSlots(services.streamsMax);
  const source = createChangeSource(services);
  return [
    route({
      method: 'GET',
      path: '/events/stream',
      summary:
        'What has changed since a cursor; as text/event-stream it goes on with each change and resumes by Last-Event-ID',
      answers: { 200: '' },
      meta: { cursor: 'always', reset: 'always', more: 'always', changes: 'always' },
      offersEvents: true,
      parameters: Type.Object(
        { ...wantedParameters, 'page[after]': Type.Optional(ChangesCursor) },
        { additionalProperties: false },
      ),
      async handle(request): Promise<Answer> {
        const { parameters, lastEventId, signal } = request;
        const after = lastEventId ?? parameters['page[after]'] ?? null;
        if (after !== null && !new RegExp(changesCursorPattern).test(after)) {
          throw refuse('invalid_header', message`"Last-Event-ID" must be the id of an event of this stream`, {
            header: 'Last-Event-ID',
          });
        }
        if (!request.wantsEvents || request.method !== 'GET') {
          const { view, stale } = await source.after(after);
          const changes = view.changes.filter((change) => wants(parameters, change));
          return { status: 200, document: { meta: { ...view, changes, ...(stale ? { stale } : {}) } } };
        }
        const free = slots.take();
        if (free === null) throw refuse('busy', message`Too many streams of changes are open`);
        const nudges = watchSubject(services.feed, subjects.changed);
        const attributes: Observed['attribute'][] = [
          ...(wantsType(parameters, 'clients') ? (['availableCheckedAt'] as const) : []),
          ...(wantsType(parameters, 'servers') ? (['healthCheckedAt'] as const) : []),
        ];
        const observations = watchObservations(services.feed, { attributes, serverId: parameters.serverId });
        try {
          const { view: first } = await source.after(after);
          return {
            async stream(response) {
              try {
                await streamFeed({
                  nudges,
                  observations,
                  first,
                  after,
                  read: (cursor) => source.onward(cursor),
                  wants: (change) => wants(parameters, change),
                  response,
                  signal,
                  times,
                });
              } finally {
                free();
              }
            },
          };
        } catch (error) {
          free();
          nudges.stop();
          observations.stop();
          throw error;
        }
      },
    }),
  ];
};

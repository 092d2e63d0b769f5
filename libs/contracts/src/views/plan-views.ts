import { Type } from 'typebox';
import { bulkKinds, type BulkKind } from '../operations/kinds.ts';
import type { Fault } from '../faults/faults.ts';
import type { Message } from '../words/message.ts';
import type { Reason } from '../words/reason.ts';
import { count, idOf, listOf, moment, orNull, part, shownFault, shownReason, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const obstacle = {
  ...shownReason,
  operationId: Type.Optional(idOf('The operation that is in the way, where one is.')),
};

export const movePlanResource = defineResource({
  type: 'move-plans',
  title: { en: 'Plan of a move', ru: 'План переезда' },
  description:
    'What moving clients to another server would come to. It is kept nowhere: its id only tells it from others.',
  attributes: {
    targetServer: idOf('Id of the server that they would move to.'),
    clients: listOf(
      part(
        {
          clientId: idOf('The client.'),
          slug: orNull(text('Its technical name; null when it is not known.', 'lab-one')),
          from: orNull(idOf('Id of the server where it lives; null when the client is not known.')),
          databaseBytes: orNull(
            count('Bytes of its database; null when they could not be found out.', 52_428_800),
          ),
          storageBytes: orNull(
            count('Bytes of its storage; null when they could not be found out.', 209_715_200),
          ),
          files: orNull(count('Files of its storage; null when they could not be found out.', 4120)),
          rate: orNull(
            part(
              {
                bytesPerSecond: count('Bytes a second from one server to the other.', 20_971_520),
                measured: orNull(
                  part(
                    {
                      operationId: idOf('The last move between these servers that has measured it.'),
                      at: orNull(moment('When that move ended; null when it is not known.')),
                    },
                    'Where the rate comes from; null: it is an assumption.',
                  ),
                ),
              },
              'What the expected times are reckoned with; null when they are not known.',
            ),
          ),
          expectedSeconds: orNull(
            count('Expected time of the whole move, s; null when it is not known.', 28),
          ),
          expectedClosedSeconds: orNull(
            count(
              'Expected time for which the client shows its maintenance page, s; null when it is not known.',
              18,
            ),
          ),
          obstacles: listOf(
            part(obstacle, 'One obstacle.'),
            'Why it would be refused or fail; empty when nothing is known against it.',
          ),
        },
        'One client.',
      ),
      'The first 100 clients that were named or live on the server.',
    ),
    total: count('Clients in all.', 1),
  },
});

/** How fast data go from one server to another. */
export type MoveRate = NonNullable<MovePlan['rate']>;

/** What moving one client would come to. Sizes in bytes; null where they could not be found out. */
export type MovePlan = Omit<AttributesOf<typeof movePlanResource>['clients'][number], 'obstacles'> & {
  obstacles: (Reason & { operationId?: string })[];
};

export const bulkPlanResource = defineResource({
  type: 'bulk-plans',
  title: { en: 'Plan of an operation over many clients', ru: 'План операции над многими клиентами' },
  description:
    'What an operation over many clients would do. It is kept nowhere: its id only tells it from others.',
  attributes: {
    kind: Type.Unsafe<BulkKind>({
      type: 'string',
      enum: [...bulkKinds],
      description: 'Kind of the operation.',
      examples: ['clients.migrate'],
    }),
    clients: listOf(
      part(
        {
          clientId: idOf('The client.'),
          slug: text('Its technical name.', 'lab-one'),
          serverId: idOf('The server where it lives.'),
          targetServer: Type.Optional(idOf('Where it would go, in an operation that chooses that for each.')),
          reason: Type.Optional(
            text('Why it would go there, in the language asked for.', 'Most memory is free there'),
          ),
        },
        'One client.',
      ),
      'The first 1000 clients, in the order in which they would be begun.',
    ),
    total: count('Clients in all.', 1),
    skipped: listOf(
      part(
        { clientId: idOf('The client.'), slug: text('Its technical name.', 'lab-two'), ...shownReason },
        'A client that would be left out, and why.',
      ),
      'The first 1000 clients that would be left out.',
    ),
    skippedTotal: count('Clients that would be left out, in all.', 1),
    obstacles: listOf(part(obstacle, 'One obstacle.'), 'Why the operation would be refused as a whole.'),
    awayServers: listOf(
      part({ serverId: idOf('The server.'), ...shownReason }, 'A server that does not answer now, and why.'),
      'Servers of these clients that do not answer now: their clients come last.',
    ),
    canary: count('Clients that would go first, one at a time.', 1),
    waveSize: count('Clients at the same time afterwards.', 4),
    stopAfter: count('Failures after which no further client would be begun.', 3),
  },
});

type BulkPlan = AttributesOf<typeof bulkPlanResource>;

/** What a bulk operation would do. */
export interface BulkPlanView extends Pick<
  BulkPlan,
  'total' | 'skippedTotal' | 'canary' | 'waveSize' | 'stopAfter'
> {
  clients: (BulkPlan['clients'][number] & { message?: Message })[];
  skipped: (Reason & { clientId: string; slug: string })[];
  obstacles: (Reason & { operationId?: string })[];
  awayServers: (Reason & { serverId: string })[];
}

export const copyPlanResource = defineResource({
  type: 'copy-plans',
  title: { en: 'Plan of a copy', ru: 'План копии' },
  description:
    'What a copy to a stage server would do. It is kept nowhere: its id only tells it from others.',
  attributes: {
    serverId: idOf('The stage server.'),
    slug: text('Technical name of the copy.', 'lab-one-stage'),
    image: text('Image that it would run from.', 'alfa-client:1.4.0'),
    replaces: orNull(
      part(
        {
          clientId: idOf('The copy that is there.'),
          at: moment('When it was made or last refreshed.'),
        },
        'The copy that is there and would be made anew; null: there is none.',
      ),
    ),
    source: orNull(
      part(
        {
          databaseBytes: count('Bytes of its database.', 52_428_800),
          storageBytes: count('Bytes of its storage.', 209_715_200),
          files: count('Files of its storage.', 4120),
        },
        'What would be read, as it is now; null when it could not be measured.',
      ),
    ),
    obstacles: listOf(shownFault, 'What speaks against it at the moment, each as its error would be told.'),
  },
});

/** What a copy to a stage server would do. */
export type CopyPlanView = Omit<AttributesOf<typeof copyPlanResource>, 'obstacles'> & { obstacles: Fault[] };

import { type TObject, Type } from 'typebox';
import { closed, Id } from '../values/primitives.ts';
import { message } from '../words/message.ts';
import { BulkPace, bulkOperation, type BulkDescriptor } from './bulk-operation.ts';
import { serverOperation } from './descriptor.ts';
import { moveClient } from './move-client.ts';

const { serverId: _, ...pace } = BulkPace.properties;
const { holdHours } = moveClient.data.properties;
const properties = { serverId: Id, ...pace, holdHours };

const moves = bulkOperation(moveClient, {
  command: 'DrainServer',
  parameters: ['holdHours'],
  http: {
    path: '/servers/{id}/drain',
    summary:
      'Moves all clients to other servers, each to the one that is chosen for it; no new one comes meanwhile',
  },
  title: { en: 'Draining of the server', ru: 'Освобождение сервера' },
  steps: { left: { en: 'Clients left', ru: 'Оставшиеся клиенты' } },
});

/**
 * Moves all clients of a server away. No client comes there from its begin on, until {@link endDraining}: whoever is left is moved by the
 * next one. Clients that the retry names are of no interest: those who live there then are meant.
 */
export const drainServer = {
  ...moves,
  kind: 'server.drain',
  data: closed(properties),
  http: { ...moves.http, methods: ['POST'], query: [...Object.keys(pace), 'holdHours'] },
} as unknown as BulkDescriptor<
  typeof moveClient,
  'DrainServer',
  TObject<typeof properties & { clientIds: ReturnType<typeof clientIds> }>,
  keyof (typeof moves)['steps'],
  'server.drain'
>;

/** Only in the type: what every operation over many clients may be narrowed by. */
const clientIds = () => Type.Optional(Type.Array(Id));

/** Lets clients come to a server again. Decided on and done at once: known as an operation only when the decision came late. */
export const endDraining = serverOperation({
  kind: 'server.end_draining',
  command: 'EndDraining',
  http: {
    path: '/servers/{id}/drain',
    methods: ['DELETE'],
    summary: 'Ends the draining: clients may come to the server again',
    own: true,
  },
  title: { en: 'End of the draining', ru: 'Конец освобождения сервера' },
  steps: {},
  retry: {
    instead: message`An operation ${'server.end_draining'} can not be repeated: send its request again`,
  },
});

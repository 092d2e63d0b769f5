import { serverOperation } from './descriptor.ts';
import { message } from '../words/message.ts';

/** Forgets a server without clients. Decided on and done at once: known as an operation only when the decision came late. */
export const removeServer = serverOperation({
  kind: 'server.remove',
  command: 'RemoveServer',
  http: {
    path: '/servers/{id}',
    methods: ['DELETE'],
    summary: 'Forgets a server on which no client lives; what stands on it stays there',
    own: true,
  },
  title: { en: 'Removal of the server', ru: 'Удаление сервера' },
  steps: {},
  retry: {
    instead: message`An operation ${'server.remove'} can not be repeated: send its request again`,
  },
});

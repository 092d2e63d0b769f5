import { message } from '../words/message.ts';
import { serverOperation } from './descriptor.ts';

/** Removes the images of builds that nobody needs any more, and what killed builds have left. `dryRun` of the request only tells. */
export const cleanUpServer = serverOperation({
  kind: 'server.clean_up',
  service: 'builder',
  command: 'CleanUpServer',
  http: {
    path: '/servers/{id}/cleanup',
    methods: ['POST'],
    summary:
      'Removes images of builds that nobody needs any more, and what killed builds have left; dryRun tells what, how many bytes that frees, and why the others stay',
    own: true,
  },
  title: { en: 'Clean-up of the server', ru: 'Очистка сервера' },
  steps: { remove: { en: 'Removal of what nobody needs', ru: 'Удаление ненужного' } },
  retry: {
    instead: message`An operation ${'server.clean_up'} can not be repeated: send its request again`,
  },
});

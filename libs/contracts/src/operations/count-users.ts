import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';

/** Counts the users in the client's system. */
export const countUsers = clientOperation({
  kind: 'client.count_users',
  command: 'CountUsers',
  http: {
    path: '/clients/{id}/users_count',
    methods: ['POST'],
    summary: 'Counts the users anew',
  },
  title: { en: 'Count of the users', ru: 'Подсчёт пользователей' },
  steps: common('count'),
  retry: 'same parameters',
});

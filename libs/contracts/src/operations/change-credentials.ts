import { ChangeAdminCredentials } from '../attributes/credentials.ts';
import { installationOperation } from './descriptor.ts';
import { message } from '../words/message.ts';

/** Puts other credentials of the administrator in force. Decided on and done at once: known as an operation only when the decision came late. */
export const changeCredentials = installationOperation({
  kind: 'credentials.change',
  command: 'ChangeAdminCredentials',
  parameters: ChangeAdminCredentials.properties,
  http: {
    path: '/cloud_admin_password',
    methods: ['POST'],
    summary: 'Changes the password, and the login, by which this API is used',
    own: true,
  },
  title: { en: "Change of the administrator's credentials", ru: 'Смена учётных данных администратора' },
  steps: {},
  retry: {
    instead: message`An operation ${'credentials.change'} can not be repeated: send its request again`,
  },
});

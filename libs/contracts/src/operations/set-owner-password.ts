import { OwnerPasswordAttributes } from '../attributes/clients.ts';
import { Sealed } from '../values/primitives.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { message } from '../words/message.ts';
import { requestDocument } from './http-request.ts';

/** Gives the owner of the laboratory a new password. */
export const setOwnerPassword = clientOperation({
  kind: 'client.set_owner_password',
  command: 'SetOwnerPassword',
  /** Sealed with the transport key. */
  parameters: { password: Sealed },
  http: {
    path: '/clients/owner_password',
    methods: ['POST'],
    summary: "Gives the laboratory's owner a new password",
    body: requestDocument({ type: 'owner-passwords', attributes: OwnerPasswordAttributes }),
    own: true,
  },
  title: { en: "Change of the owner's password", ru: 'Смена пароля владельца' },
  steps: common('owner'),
  retry: {
    instead: message`The password is not kept for a repetition: send it again (POST /clients/owner_password)`,
  },
});

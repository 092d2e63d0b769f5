import { HostKeyAttributes, HostKeyFingerprint } from '../attributes/servers.ts';
import { message } from '../words/message.ts';
import { serverOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Trusts the host key that the server shows now. Decided on and done at once: known as an operation only when the decision came late. */
export const acceptHostKey = serverOperation({
  kind: 'server.accept_host_key',
  command: 'AcceptHostKey',
  parameters: { fingerprint: HostKeyFingerprint },
  http: {
    path: '/servers/{id}/accept_host_key',
    methods: ['POST'],
    summary: 'Trusts the host key with this fingerprint, if it is the one that the server shows now',
    body: requestDocument({ type: 'host-keys', attributes: HostKeyAttributes }),
    own: true,
  },
  title: { en: 'Acceptance of a host key', ru: 'Принятие ключа хоста' },
  steps: {},
  retry: {
    instead: message`An operation ${'server.accept_host_key'} can not be repeated: send its request again`,
  },
});

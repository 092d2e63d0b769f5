import { SshKeyAttributes } from '../attributes/servers.ts';
import { Id, line } from '../values/primitives.ts';
import { message } from '../words/message.ts';
import { installationOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Makes a key pair for servers. Decided on and done at once: known as an operation only when the decision came late. */
export const makeSshKey = installationOperation({
  kind: 'ssh_key.make',
  command: 'MakeSshKey',
  parameters: { keyId: Id, comment: line(100) },
  http: {
    path: '/servers/keys',
    methods: ['POST'],
    summary: 'Makes a key pair by which servers can be reached; answers its public part',
    body: requestDocument({ type: 'ssh-keys', attributes: SshKeyAttributes }),
    own: true,
  },
  title: { en: 'Making of a key pair for servers', ru: 'Создание пары ключей для серверов' },
  steps: {},
  retry: {
    instead: message`An operation ${'ssh_key.make'} can not be repeated: send its request again`,
  },
});

import { ChangeClient, ClientChanges } from '../attributes/clients.ts';
import { replacementSteps } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/** Makes changed attributes true on the server: configuration files, a new container beside the old one, virtual host. */
export const applyChanges = clientOperation({
  kind: 'client.apply_changes',
  command: 'ChangeClient',
  parameters: ChangeClient.properties,
  http: {
    path: '/clients/{id}',
    methods: ['PUT', 'PATCH'],
    summary: 'Changes attributes of a client; what needs a new configuration or container is made so at once',
    body: requestDocument({ type: 'clients', attributes: ClientChanges }),
    own: true,
  },
  title: { en: 'Application of changed attributes', ru: 'Применение изменённых атрибутов' },
  steps: replacementSteps,
  meanwhile: { container: 'replaced' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});

import { CreateClient } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { message } from '../words/message.ts';

/** Makes a client and all that is its own. A failure takes back what was made. */
export const createClient = clientOperation({
  kind: 'client.create',
  command: 'CreateClient',
  parameters: CreateClient.properties,
  http: {
    path: '/clients/create',
    methods: ['POST'],
    summary: 'Creates a client; its id is known at once, its create log tells how far it is',
    own: true,
  },
  title: { en: 'Creation of the client', ru: 'Создание клиента' },
  steps: common(
    'reserve',
    'image',
    'config',
    'database',
    'volume',
    'network',
    'container',
    'healthy',
    'migrate',
    'owner',
    'demo',
    'settings',
    'vhost',
    'reachable',
  ),
  retry: {
    instead: message`What it has made was taken back and its slug is free again: send the creation anew (POST /clients/create)`,
  },
});

import { MaintenanceAttributes } from '../attributes/clients.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods, requestDocument } from './http-request.ts';

/** Shows the maintenance page in place of the client. */
export const enableMaintenance = clientOperation({
  kind: 'client.enable_maintenance',
  command: 'EnableMaintenance',
  parameters: MaintenanceAttributes.properties,
  http: {
    path: '/clients/{id}/maintain_enable',
    methods: actionMethods,
    summary: "Shows the maintenance page in the client's place, by POST with a message of its own",
    body: requestDocument({
      type: 'maintenance',
      attributes: MaintenanceAttributes,
      required: false,
      toParameters: ({ message }) => (message === undefined ? {} : { message: storedLines(message) }),
    }),
  },
  title: { en: 'Turning on of the maintenance page', ru: 'Включение страницы обслуживания' },
  steps: common('vhost', 'application', 'settings', 'reachable'),
  meanwhile: { page: 'its own' },
  retry: 'same parameters',
});

/** Line breaks of every system become one kind, so that the same text is the same message. */
const storedLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();

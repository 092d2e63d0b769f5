import { ImageReference } from '../values/primitives.ts';
import { bulkOperation } from './bulk-operation.ts';
import { otherImageSteps } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Runs the client from another image, without a gap. */
export const switchImage = clientOperation({
  kind: 'client.switch',
  command: 'SwitchImage',
  parameters: { targetImage: ImageReference },
  http: {
    path: '/clients/{id}/switch',
    methods: actionMethods,
    summary: 'Runs the client from another image; the old container answers until the new one is healthy',
    query: ['targetImage'],
  },
  title: { en: 'Switch to another image', ru: 'Переход на другой образ' },
  steps: otherImageSteps,
  meanwhile: { container: 'replaced' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});

export const switchAllImages = bulkOperation(switchImage, {
  command: 'SwitchAllImages',
  parameters: ['targetImage'],
  http: { path: '/clients/switch_all', summary: 'Runs every client from another image' },
  title: { en: 'Switch of many clients to another image', ru: 'Переход многих клиентов на другой образ' },
});

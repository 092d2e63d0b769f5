import { otherImageSteps } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Back to exactly the image before the last switch; twice is back again. */
export const rollBackImage = clientOperation({
  kind: 'client.rollback',
  command: 'RollBackImage',
  http: {
    path: '/clients/{id}/rollback',
    methods: actionMethods,
    summary: 'Runs the client from the image before the last switch again, without a gap',
  },
  title: { en: 'Return to the previous image', ru: 'Возврат к прежнему образу' },
  steps: otherImageSteps,
  meanwhile: { container: 'replaced' },
  afterFailure: 'unresolved',
  retry: 'same parameters',
});

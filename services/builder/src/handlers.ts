import { message } from '@alfa-cloud/contracts';
import { type HandlersOf, notSupportedYet } from '@alfa-cloud/messaging';

/** Every command of this service. */
export const handlers = {
  BuildImage: notSupportedYet(message`Building images is not supported yet`),
} satisfies HandlersOf<'builder'>;

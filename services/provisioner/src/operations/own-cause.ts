import { newId } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';

/** Origin of what Alfa Cloud records on its own account, without a command: what it has observed or put right. */
export const ownCause = (): Cause => {
  const id = newId();
  return { commandId: id, correlationId: id, causationId: id, actor: 'alfa-cloud' };
};

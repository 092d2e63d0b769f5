import { Type, type Static } from 'typebox';
import { closed, Id } from '../values/primitives.ts';

/** Ask a running operation to stop (its work where that can be cut off, else before its next step) and to take back what it did. Id in the reply: `operationId`. */
export const CancelOperation = closed({
  operationId: Id,
  reason: Type.Optional(Type.String({ maxLength: 500 })),
});
export type CancelOperation = Static<typeof CancelOperation>;

/**
 * Run a failed or cancelled operation again, with the same parameters; of a bulk operation only the clients that did not end ok.
 * Id in the reply: `operationId` (a new one).
 */
export const RetryOperation = closed({ operationId: Id });
export type RetryOperation = Static<typeof RetryOperation>;

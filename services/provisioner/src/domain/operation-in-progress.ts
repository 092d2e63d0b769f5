import { message, Rejection, told, type Fault, type OperationKind } from '@alfa-cloud/contracts';

/** Why nothing else begins on a client: it has one operation at a time. */
export const operationInProgress = (operationId: string, kind: OperationKind): Fault => ({
  code: 'operation_in_progress',
  ...told(message`Operation ${kind} of this client has not ended yet`),
  meta: { operationId, kind },
});

/** {@link operationInProgress} as the refusal of a command. */
export const inProgress = (operationId: string, kind: OperationKind): Rejection =>
  new Rejection([operationInProgress(operationId, kind)]);

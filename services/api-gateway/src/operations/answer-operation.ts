import { isRejection, type OperationKind, type OperationView } from '@alfa-cloud/contracts';
import type { Sent, StartedOperation } from '../commands/send-command.ts';
import type { Answer, ApiRequest } from '../http/route.ts';
import type { RouteServices } from '../services.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from './finish.ts';
import { isPassing } from './operation-watch.ts';
import { presentOperation } from './present-operation.ts';

/** Longest time that the read models get to show an operation just accepted, in milliseconds. */
const lookMs = 1000;

/**
 * Answers an action: 200 with the finished operation when the sender waits and it ends in time, else 202 with the operation as it is.
 * The command is taken whether or not the read models can show it, so the answer does not depend on them.
 */
export const answerWithOperation = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  sent: Sent,
  started: StartedOperation & { kind: OperationKind },
): Promise<Answer> => {
  const finished = await finishedInTime(sent, request, services);
  if (finished !== null) {
    return {
      status: 200,
      document: { data: presentOperation(finished, request.language) },
      headers: { ...commandHeaders(sent), ...preferenceApplied(request) },
    };
  }
  const operation = (await lookAt(services, sent)) ?? accepted(sent, started, request, services.clock());
  return {
    status: 202,
    document: { data: presentOperation(operation, request.language) },
    headers: commandHeaders(sent),
  };
};

/** Null when the operation can't be seen yet. */
const lookAt = async (services: RouteServices, sent: Sent): Promise<OperationView | null> => {
  if (sent.position === null) return null;
  try {
    const { result } = await services.queries.ask(
      'GetOperation',
      { id: sent.operationId },
      { minPosition: sent.position, timeoutMs: lookMs },
    );
    return result;
  } catch (error) {
    if (isPassing(error) || isRejection(error)) return null;
    throw error;
  }
};

/** The operation as it begins; its steps are not known here. */
const accepted = (
  sent: Sent,
  { kind, target, parameters = null, retryOf }: StartedOperation & { kind: OperationKind },
  request: ApiRequest<unknown>,
  now: Date,
): OperationView => ({
  id: sent.operationId,
  status: 'accepted',
  steps: [],
  error: null,
  leftovers: [],
  result: null,
  parentId: null,
  progress: null,
  waiting: null,
  transfer: null,
  kind,
  target,
  parameters,
  retryOf: retryOf ?? null,
  actor: request.actor,
  correlationId: request.requestId,
  acceptedAt: now.toISOString(),
  finishedAt: null,
});

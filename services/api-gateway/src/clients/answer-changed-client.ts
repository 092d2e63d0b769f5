import { type Message, messageInWords, type OperationKind, presentClient } from '@alfa-cloud/contracts';
import type { Sent } from '../commands/send-command.ts';
import { metaOf } from '../http/document.ts';
import type { Answer, ApiRequest } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import type { RouteServices } from '../services.ts';

/**
 * Answers a change of a client: 200 with the client as changed and, in `meta`, the operation that makes the change true on the server.
 * 202 with that operation while the change is not known to be accepted.
 * @param begun.kind of the operation that applies the change
 * @param begun.applies what is done on the server; told only when something is
 */
export const answerWithChangedClient = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  sent: Sent,
  begun: { kind: OperationKind; applies?: Message },
): Promise<Answer> => {
  const { id } = request;
  const { kind, applies } = begun;
  // Not known to be accepted yet: it can still be refused, and then its operation says so.
  if (sent.position === null || sent.ids === undefined) {
    return answerWithOperation(services, request, sent, { kind, target: { type: 'client', id } });
  }
  const { position, ids } = sent;
  const operationId = ids['operationId'];
  const finished = operationId === undefined ? null : await finishedInTime(sent, request, services);
  const { result, stale } = await services.queries.ask('GetClient', { id }, { minPosition: position });
  const { server: _, ...client } = result;
  const meta = {
    ...(operationId === undefined ? {} : { operationId }),
    ...(operationId === undefined || applies === undefined
      ? {}
      : { applies: messageInWords(request.language, applies) }),
    ...(finished === null ? {} : { operationStatus: finished.status }),
  };
  return {
    status: 200,
    document: { data: presentClient(client, request.language), ...metaOf(stale, meta) },
    headers: {
      ...commandHeaders(sent),
      'Content-Location': `/clients/${id}`,
      ...(finished === null ? {} : preferenceApplied(request)),
    },
  };
};

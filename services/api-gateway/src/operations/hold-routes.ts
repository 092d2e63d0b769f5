import { message, type OperationView, releaseMove, undoMove } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { refuse } from '../http/problems.ts';
import type { Answer, ApiRequest, Route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerWithOperation } from './answer-operation.ts';
import { ownRoutes } from './own-routes.ts';
import { startedOn } from './started.ts';

const parameters = Type.Object({}, { additionalProperties: false });
const answers = { 202: 'operations', 200: 'operations' } as const;

/** What can be done with a move as long as the former server keeps the client: taking it back, or ending that time. */
export const holdRoutes = (services: RouteServices): Route[] =>
  [undoMove, releaseMove].flatMap((operation) =>
    ownRoutes(operation, { answers, parameters, handle: (request) => send(services, operation, request) }),
  );

const send = async (
  services: RouteServices,
  operation: typeof undoMove | typeof releaseMove,
  request: ApiRequest<unknown>,
): Promise<Answer> => {
  const { commands } = services;
  const moveId = request.id;
  const { result } = await services.queries.ask('GetOperation', { id: moveId }, seeing(request));
  const clientId = clientOf(result);
  const started = startedOn(operation, clientId, { moveId });
  const data = { clientId, moveId };
  const sent = await commands.send(operation.command, commands.idOf(request), data, request, started);
  return answerWithOperation(services, request, sent, started);
};

/** Kinds after which another server keeps a client for a time. */
const kinds: ReadonlySet<string> = new Set(['client.move', undoMove.kind]);

const clientOf = ({ id, kind, target }: OperationView): string => {
  if (kinds.has(kind) && target.type === 'client' && target.id !== null) return target.id;
  throw refuse('move_not_held', message`Operation ${id} has moved no client`);
};

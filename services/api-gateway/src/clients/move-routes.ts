import {
  BulkPace,
  ClientIds,
  type Language,
  message,
  moveClient,
  moveClients,
  type MovePlan,
  newId,
  withReasonInWords,
  type ResourceOf,
  type movePlanResource,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import type { StartedOperation } from '../commands/send-command.ts';
import { refuse } from '../http/problems.ts';
import type { Answer, ApiRequest, Route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { namedClients } from '../operations/bulk-routes.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { type RouteServices, seeing } from '../services.ts';

const { targetServer, holdHours } = moveClients.data.properties;
const parameters = Type.Object(
  {
    ...BulkPace.properties,
    /** One id, or several with commas between. */
    clientId: Type.Optional(ClientIds),
    targetServer,
    holdHours,
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Every file of the clients is counted on their servers, which takes its time, ms. */
const planMs = 60_000;

type Request = ApiRequest<{
  clientId?: string;
  serverId?: string;
  targetServer: string;
  holdHours?: number;
  dryRun?: boolean;
}>;

/** Moves clients to another server: one by an operation of its own, several by one over many. */
export const moveRoutes = (services: RouteServices): Route[] =>
  ownRoutes(moveClients, {
    answers: { 202: 'operations', 200: 'move-plans' },
    parameters,
    async handle(request): Promise<Answer> {
      const { clientId, dryRun = false, ...asked } = request.parameters;
      const clientIds = clientId === undefined ? undefined : namedClients(clientId);
      if (clientIds === undefined && asked.serverId === undefined) {
        const parameter = { parameter: 'clientId' };
        throw refuse('invalid_parameter', message`"${'clientId'}" or "${'serverId'}" is required`, parameter);
      }
      if (dryRun) return plan(services, request, clientIds);
      const [first, ...others] = clientIds ?? [];
      if (first !== undefined && others.length === 0) return moveOne(services, request, first);
      const { serverId } = asked;
      const data = { ...asked, ...(clientIds === undefined ? {} : { clientIds }) };
      const started: StartedOperation & { kind: typeof moveClients.kind } = {
        kind: moveClients.kind,
        target: serverId === undefined ? { type: 'none', id: null } : { type: 'server', id: serverId },
        parameters: data,
      };
      const { commands } = services;
      const sent = await commands.send(moveClients.command, commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

const moveOne = async (services: RouteServices, request: Request, clientId: string): Promise<Answer> => {
  const { targetServer: server, holdHours: hours } = request.parameters;
  const asked = { targetServer: server, ...(hours === undefined ? {} : { holdHours: hours }) };
  const started = {
    kind: moveClient.kind,
    target: { type: 'client', id: clientId },
    parameters: asked,
  } as const;
  const { commands } = services;
  const data = { clientId, ...asked };
  const sent = await commands.send(moveClient.command, commands.idOf(request), data, request, started);
  return answerWithOperation(services, request, sent, started);
};

const plan = async (
  services: RouteServices,
  request: Request,
  clientIds: string[] | undefined,
): Promise<Answer> => {
  const { serverId, targetServer: server } = request.parameters;
  const asked = {
    targetServer: server,
    ...(clientIds === undefined ? {} : { clientIds }),
    ...(serverId === undefined ? {} : { serverId }),
  };
  const { result } = await services.queries.ask('PlanMoves', asked, {
    ...seeing(request),
    timeoutMs: planMs,
  });
  return { status: 200, document: { data: presentPlan(server, result, request.language) } };
};

/** Resource `move-plans`. It is not kept anywhere: its id only tells it from others. */
const presentPlan = (
  server: string,
  { items, total }: { items: MovePlan[]; total: number },
  language: Language,
): ResourceOf<typeof movePlanResource> => ({
  type: 'move-plans',
  id: newId(),
  attributes: {
    targetServer: server,
    clients: items.map((item) => ({
      ...item,
      obstacles: item.obstacles.map((obstacle) => withReasonInWords(language, obstacle)),
    })),
    total,
  },
});

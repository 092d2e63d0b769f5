import {
  BulkPace,
  type BulkOperations,
  bulkOperations,
  type BulkPlanView,
  type BulkRequest,
  ClientIds,
  type Language,
  type Method,
  newId,
  withReasonInWords,
  type ResourceOf,
  type bulkPlanResource,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import type { StartedOperation } from '../commands/send-command.ts';
import { type Answer, type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerWithOperation } from './answer-operation.ts';

/** Actions on many clients: canary first, then waves. Each works by GET and by POST alike; `dryRun` only tells what would happen. */
export const bulkRoutes = (services: RouteServices): Route[] =>
  bulkOperations
    .filter(({ http }) => http.own !== true)
    .flatMap((operation) => operation.http.methods.map((method) => bulkRoute(services, operation, method)));

/** Servers that are away are given 5 s to answer before they count as such. */
const planMs = 15_000;

const bulkRoute = (services: RouteServices, operation: BulkOperations, method: Method): Route => {
  const { kind, command, http } = operation;
  return route({
    method,
    path: http.path,
    summary: `${http.summary}; dryRun tells what would happen and what speaks against it`,
    acts: true,
    answers: { 202: 'operations', 200: 'bulk-plans' },
    parameters: parametersOf(operation),
    async handle(request): Promise<Answer> {
      const { dryRun, clientId, ...asked } = request.parameters as BulkRequest['data'] & {
        dryRun?: boolean;
        clientId?: string;
      };
      const data = {
        ...asked,
        ...(isOfServer(operation) && { serverId: request.id }),
        ...(clientId !== undefined && { clientIds: namedClients(clientId) }),
      };
      const bulkRequest = { kind, data } as BulkRequest;
      if (dryRun === true) {
        const { result } = await services.queries.ask('PlanBulk', bulkRequest, {
          ...seeing(request),
          timeoutMs: planMs,
        });
        return { status: 200, document: { data: presentPlan(bulkRequest, result, request.language) } };
      }
      const { commands } = services;
      const { serverId } = data;
      const started: StartedOperation & { kind: typeof kind } = {
        kind,
        target: serverId === undefined ? { type: 'none', id: null } : { type: 'server', id: serverId },
        parameters: { ...data },
      };
      const sent = await commands.send(command, commands.idOf(request), bulkRequest.data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });
};

/** The clients that `clientId` names, each once. */
export const namedClients = (clientId: string): string[] => [...new Set(clientId.split(','))];

/** One over the clients of the server in its path. */
const isOfServer = ({ http }: BulkOperations): boolean => http.path.includes('{id}');

/** The pace, `dryRun`, and the parameters that are passed on to each client's operation. Without `clientId` it is over all clients, or those of one server. */
const parametersOf = (operation: BulkOperations) => {
  const { data, handedOn } = operation;
  const { serverId, ...pace } = BulkPace.properties;
  const handed = Object.entries(data.properties).filter(([name]) => handedOn.includes(name));
  return Type.Object(
    {
      ...pace,
      ...(isOfServer(operation) ? {} : { serverId, clientId: Type.Optional(ClientIds) }),
      dryRun: Type.Optional(Type.Boolean()),
      ...Object.fromEntries(handed),
    },
    { additionalProperties: false },
  );
};

/** Resource `bulk-plans`. It is not kept anywhere: its id only tells it from others. */
const presentPlan = (
  { kind }: BulkRequest,
  plan: BulkPlanView,
  language: Language,
): ResourceOf<typeof bulkPlanResource> => ({
  type: 'bulk-plans',
  id: newId(),
  attributes: {
    kind,
    clients: plan.clients.map(({ reason, message, ...client }) =>
      reason === undefined
        ? client
        : withReasonInWords(language, { ...client, reason, ...(message && { message }) }),
    ),
    total: plan.total,
    skipped: plan.skipped.map((skipped) => withReasonInWords(language, skipped)),
    skippedTotal: plan.skippedTotal,
    obstacles: plan.obstacles.map((obstacle) => withReasonInWords(language, obstacle)),
    awayServers: plan.awayServers.map((away) => withReasonInWords(language, away)),
    canary: plan.canary,
    waveSize: plan.waveSize,
    stopAfter: plan.stopAfter,
  },
});

import {
  cleanUpServer,
  newId,
  withReasonInWords,
  type cleanupPlanResource,
  type CleanupPlanView,
  type Language,
  type ResourceOf,
  toOne,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import type { Answer, Route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';

/** Very many images and clients are looked through. */
const planMs = 60_000;

/** Removal of images that nobody needs; with `dryRun` what would be removed. */
export const cleanupRoutes = (services: RouteServices): Route[] =>
  ownRoutes(cleanUpServer, {
    acts: true,
    answers: { 202: 'operations', 200: 'cleanup-plans' },
    parameters: Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    async handle(request): Promise<Answer> {
      const { commands, queries } = services;
      const serverId = request.id;
      if (request.parameters.dryRun === true) {
        const options = { ...seeing(request), timeoutMs: planMs };
        const { result } = await queries.ask('PlanCleanup', { serverId }, options);
        return { status: 200, document: { data: presentPlan(result, request.language) } };
      }
      const started = startedOn(cleanUpServer, serverId);
      const sent = await commands.send(
        cleanUpServer.command,
        commands.idOf(request),
        { serverId },
        request,
        started,
      );
      return answerWithOperation(services, request, sent, started);
    },
  });

/** Resource `cleanup-plans`. It is not kept anywhere: its id only tells it from others. */
const presentPlan = (plan: CleanupPlanView, language: Language): ResourceOf<typeof cleanupPlanResource> => {
  const { serverId, remove, kept, ...attributes } = plan;
  return {
    type: 'cleanup-plans',
    id: newId(),
    attributes: {
      ...attributes,
      remove: remove.map((image) => withReasonInWords(language, image)),
      kept: kept.map(({ reasons, ...image }) => ({
        ...image,
        reasons: reasons.map((reason) => withReasonInWords(language, reason)),
      })),
    },
    relationships: { server: toOne('servers', serverId) },
  };
};

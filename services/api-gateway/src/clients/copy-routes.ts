import {
  copyClient,
  CopyAttributes,
  type CopyPlanView,
  type Language,
  newId,
  type ResourceOf,
  type copyPlanResource,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { errorsOf, problemOfFault, RequestRefused } from '../http/problems.ts';
import type { Answer, Route } from '../http/route.ts';
import { queryOf } from '../operations/action-routes.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';
import { passwordLengthProblems } from './owner-password-length.ts';

/** Copy of a client to a stage server; `dryRun` only tells what would happen. SQL and password are sealed before they leave the gateway. */
export const copyRoutes = (services: RouteServices): Route[] =>
  ownRoutes(copyClient, {
    answers: { 202: 'operations', 200: 'copy-plans' },
    acts: true,
    parameters: Type.Object(
      {
        ...queryOf(copyClient.data.properties, copyClient.http?.query).properties,
        dryRun: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    body: { type: 'copies', attributes: CopyAttributes, relationships: {}, required: false },
    async handle(request): Promise<Answer> {
      const { id: clientId, language } = request;
      const { dryRun, ...asked } = request.parameters as AskedInQuery;
      const { maskingSql, ownerPassword } = attributesOf(request.attributes);
      const pointer = '/data/attributes/ownerPassword';
      const tooLong = passwordLengthProblems(ownerPassword, services.ownerPasswordMaxBytes, pointer);
      if (tooLong.length > 0) throw new RequestRefused(tooLong);
      if (dryRun === true) {
        const { targetServer, slug } = asked;
        const query = { clientId, targetServer, ...(slug === undefined ? {} : { slug }) };
        const { result } = await services.queries.ask('PlanCopy', query, seeing(request));
        return { status: 200, document: { data: presentPlan(result, language) } };
      }
      const { commands, vault } = services;
      const started = startedOn(copyClient, clientId, { ...asked, masked: maskingSql !== undefined });
      const data = {
        clientId,
        ...asked,
        ...(maskingSql === undefined ? {} : { maskingSql: await vault.seal('transport', maskingSql) }),
        ...(ownerPassword === undefined
          ? {}
          : { ownerPassword: await vault.seal('transport', ownerPassword) }),
      };
      const sent = await commands.send(copyClient.command, commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  }).map(({ body, ...route }) => (route.method === 'GET' || body === undefined ? route : { ...route, body }));

/** GET has no document. */
const attributesOf = (attributes: CopyAttributes | undefined): CopyAttributes => attributes ?? {};

interface AskedInQuery {
  targetServer: string;
  slug?: string;
  confirm?: boolean;
  dryRun?: boolean;
}

/** Resource `copy-plans`. It is not kept anywhere: its id only tells it from others. */
const presentPlan = (
  { obstacles, ...plan }: CopyPlanView,
  language: Language,
): ResourceOf<typeof copyPlanResource> => ({
  type: 'copy-plans',
  id: newId(),
  attributes: { ...plan, obstacles: errorsOf(obstacles.map(problemOfFault), language).errors },
});

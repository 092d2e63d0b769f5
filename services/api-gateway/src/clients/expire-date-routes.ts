import {
  applyExpiry,
  type ExpireDateChange,
  ExpireDateAttributes,
  type ResourceOf,
  type expireDateChangeResource,
  toOne,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerWithChangedClient } from './answer-changed-client.ts';

/** The last day of use: its change and its history. */
export const expireDateRoutes = (services: RouteServices): Route[] => [
  ...changeExpireDate(services),
  listExpireDateChanges(services),
];

const changeExpireDate = (services: RouteServices): Route[] =>
  ownRoutes(applyExpiry, {
    answers: { 200: 'clients', 202: 'operations' },
    meta: { operationId: 'sometimes', operationStatus: 'sometimes' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: {
      type: 'clients',
      attributes: ExpireDateAttributes,
      relationships: {},
      mayCarryPathId: true,
    },
    async handle(request) {
      const { commands } = services;
      const { attributes } = request;
      const command = { clientId: request.id, ...attributes, reason: attributes.reason.trim() };
      const { kind, command: name } = applyExpiry;
      const target = { type: 'client', id: request.id } as const;
      const sent = await commands.send(name, commands.idOf(request), command, request, { kind, target });
      return answerWithChangedClient(services, request, sent, { kind });
    },
  });

const listExpireDateChanges = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients/{id}/expire_dates_history',
    summary: 'Changes of the last day of use in pages, newest first',
    answers: { 200: 'expire-date-changes[]' },
    parameters: Type.Object(pageParameters, { additionalProperties: false }),
    async handle(request) {
      const clientId = request.id;
      const page = pageOf(request.parameters);
      const { result, stale } = await services.queries.ask(
        'ListExpireDateChanges',
        { clientId, page },
        seeing(request),
      );
      return {
        status: 200,
        document: {
          data: result.items.map((change) => presentExpireDateChange(clientId, change)),
          links: pageLinks(request.path, request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const presentExpireDateChange = (
  clientId: string,
  change: ExpireDateChange,
): ResourceOf<typeof expireDateChangeResource> => ({
  type: 'expire-date-changes',
  id: change.id,
  attributes: {
    from: change.from,
    to: change.to,
    reason: change.reason,
    actor: change.actor,
    at: change.at,
  },
  relationships: { client: toOne('clients', clientId) },
});

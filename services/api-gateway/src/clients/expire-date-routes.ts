import { type ExpireDateChange, ExpireDateAttributes } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf, type Resource, toOne } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Answer, type Method, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { type RouteServices, seeing } from '../services.ts';
import { presentClient } from './present-client.ts';

/** The last day of use: its change and its history. */
export const expireDateRoutes = (services: RouteServices): Route[] => [
  changeExpireDate(services, 'PUT'),
  changeExpireDate(services, 'PATCH'),
  listExpireDateChanges(services),
];

const changeExpireDate = (services: RouteServices, method: Method): Route =>
  route({
    method,
    path: '/clients/{id}/expire_date',
    summary: 'Changes the last day of use; a day that has passed needs confirm',
    answers: { 200: 'clients', 202: 'operations' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: {
      type: 'clients',
      attributes: ExpireDateAttributes,
      relationships: {},
      mayCarryPathId: true,
    },
    async handle(request): Promise<Answer> {
      const { id } = request;
      const { commands } = services;
      const command = { clientId: id, ...request.attributes, reason: request.attributes.reason.trim() };
      const sent = await commands.send('ChangeExpireDate', commands.idOf(request), command, request);
      // Not known to be accepted yet: it can still be refused, and then its operation says so.
      if (sent.position === null) {
        return answerWithOperation(services, request, sent, {
          kind: 'client.apply_expiry',
          target: { type: 'client', id },
        });
      }
      const finished = await finishedInTime(sent, request, services);
      const { result, stale } = await services.queries.ask(
        'GetClient',
        { id },
        { minPosition: sent.position },
      );
      const { server: _, ...client } = result;
      const meta = {
        operationId: sent.operationId,
        ...(finished === null ? {} : { operationStatus: finished.status }),
      };
      return {
        status: 200,
        document: { data: presentClient(client), ...metaOf(stale, meta) },
        headers: {
          ...commandHeaders(sent),
          'Content-Location': `/clients/${id}`,
          ...(finished === null ? {} : preferenceApplied(request)),
        },
      };
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

const presentExpireDateChange = (clientId: string, change: ExpireDateChange): Resource => ({
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

import { alertCodes, Id } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { presentAlert } from './present-alert.ts';

/** What somebody has to look after, or had to. */
export const alertRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: '/alerts',
    summary: 'Alerts that are raised, newest first; with filter[state]=past or all also those that were',
    answers: { 200: 'alerts[]' },
    parameters: Type.Object(
      {
        ...pageParameters,
        'filter[state]': Type.Optional(Type.Enum(['open', 'past', 'all'])),
        'filter[server]': Type.Optional(Id),
        'filter[code]': Type.Optional(Type.Enum([...alertCodes])),
      },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters, language } = request;
      const page = pageOf(parameters);
      const {
        'filter[state]': state = 'open',
        'filter[server]': serverId,
        'filter[code]': code,
      } = parameters;
      const filter = {
        ...(serverId === undefined ? {} : { serverId }),
        ...(code === undefined ? {} : { code }),
      };
      const { result, stale } = await services.queries.ask(
        'ListAlerts',
        { page, state, filter },
        seeing(request),
      );
      return {
        status: 200,
        document: {
          data: result.items.map((alert) => presentAlert(alert, language)),
          links: pageLinks(request.path, request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  }),
];

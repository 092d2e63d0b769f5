import { Type } from 'typebox';
import { type Method, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import type { RouteServices } from '../services.ts';

/** Paths of `servers` that answer with an operation. An action works by GET and by POST alike. */
export const serverActionRoutes = (services: RouteServices): Route[] => [
  prepareServer(services, 'GET'),
  prepareServer(services, 'POST'),
];

const prepareServer = (services: RouteServices, method: Method): Route =>
  route({
    method,
    path: '/servers/{id}/prepare',
    summary: 'Prepares the server again; a ready one serves its clients and takes new ones meanwhile',
    acts: true,
    answers: { 202: 'operations', 200: 'operations' },
    parameters: Type.Object({}, { additionalProperties: false }),
    async handle(request) {
      const { commands } = services;
      const data = { serverId: request.id };
      const started = { kind: 'server.prepare', target: { type: 'server', id: request.id } } as const;
      const sent = await commands.send('PrepareServer', commands.idOf(request), data, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

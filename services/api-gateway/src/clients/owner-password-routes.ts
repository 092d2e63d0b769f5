import { message, conforms, Id, OwnerPasswordAttributes, setOwnerPassword } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { refuse, RequestRefused } from '../http/problems.ts';
import type { Route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import type { RouteServices } from '../services.ts';
import { passwordLengthProblems } from './owner-password-length.ts';

/** The password is sealed before it leaves the gateway. */
export const ownerPasswordRoutes = (services: RouteServices): Route[] =>
  ownRoutes(setOwnerPassword, {
    answers: { 202: 'operations', 200: 'operations' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: {
      type: 'owner-passwords',
      attributes: OwnerPasswordAttributes,
      relationships: { client: { type: 'clients', required: true } },
    },
    async handle(request) {
      const clientId = request.relationships['client'] ?? '';
      if (!conforms(Id, clientId)) {
        const pointer = '/data/relationships/client/data/id';
        throw refuse('not_found', message`There is no client with this id`, { pointer });
      }
      const tooLong = passwordLengthProblems(
        request.attributes.password,
        services.ownerPasswordMaxBytes,
        '/data/attributes/password',
      );
      if (tooLong.length > 0) throw new RequestRefused(tooLong);
      const password = await services.vault.seal('transport', request.attributes.password);
      const { commands } = services;
      const started = {
        kind: setOwnerPassword.kind,
        target: { type: 'client', id: clientId },
      } as const;
      const data = { clientId, password };
      const sent = await commands.send(
        setOwnerPassword.command,
        commands.idOf(request),
        data,
        request,
        started,
      );
      return answerWithOperation(services, request, sent, started);
    },
  });

import { message, AdminPasswordAttributes, changeCredentials } from '@alfa-cloud/contracts';
import { hashPassword } from '@alfa-cloud/secrets';
import { Type } from 'typebox';
import { positionHeader } from '../http/position.ts';
import { refuse, RequestRefused } from '../http/problems.ts';
import type { Answer, Route } from '../http/route.ts';
import { commandHeaders } from '../operations/finish.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import type { CredentialsStore } from '../ports.ts';
import type { RouteServices } from '../services.ts';
import type { Authentication } from './authenticate.ts';
import { weaknessesOf } from './password-strength.ts';

/** Change of the administrator's own password, and of the login. From its answer on no gateway takes the former ones. */
export const adminPasswordRoutes = (
  services: RouteServices,
  {
    authentication,
    credentials,
  }: { authentication: Pick<Authentication, 'confirm'>; credentials: CredentialsStore },
): Route[] =>
  ownRoutes(changeCredentials, {
    answers: { 204: '', 202: '' },
    meta: { state: 'always', operationId: 'always' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: { type: 'cloud-admin-passwords', attributes: AdminPasswordAttributes, relationships: {} },
    async handle(request): Promise<Answer> {
      const { commands, vault } = services;
      const { currentPassword, newPassword } = request.attributes;
      const confirmed = await authentication.confirm(request.address, currentPassword);
      if (confirmed === null) {
        const pointer = '/data/attributes/currentPassword';
        throw refuse('current_password_wrong', message`This is not the password in force`, { pointer });
      }
      const login = request.attributes.login ?? confirmed.login;
      const weaknesses = weaknessesOf(newPassword, { login, current: currentPassword });
      if (weaknesses.length > 0) throw new RequestRefused(weaknesses);
      const hash = await vault.seal('transport', await hashPassword(newPassword));
      const command = { login, hash, basedOn: confirmed.revision };
      const started = startedOn(changeCredentials, '');
      const id = commands.idOf(request);
      const sent = await commands.send(changeCredentials.command, id, command, request, started);
      if (sent.position === null) {
        const { operationId } = sent;
        const state = 'The change is stored; the password changes as soon as the provisioner is back';
        return { status: 202, document: { meta: { state, operationId } }, headers: commandHeaders(sent) };
      }
      await credentials.upToDate();
      return { status: 204, headers: { [positionHeader]: sent.position } };
    },
  });

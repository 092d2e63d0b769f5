import {
  told,
  message,
  applyChanges,
  ClientChanges,
  RequestLimits,
  type Message,
  presentClient,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import type { Problem } from '../http/problems.ts';
import type { Answer, ApiRequest, Route } from '../http/route.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { type RouteServices, seeing } from '../services.ts';
import { answerWithChangedClient } from './answer-changed-client.ts';
import { toChangeClientCommand } from './change-client-command.ts';

const setBy = (detail: Message): Pick<Problem, 'code' | 'detail' | 'message'> => ({
  code: 'set_elsewhere',
  ...told(detail),
});

/** Attributes of a client that have a path of their own, because they need a reason, a check or a gate. */
const elsewhere: Readonly<Record<string, Pick<Problem, 'code' | 'detail' | 'message'>>> = {
  ownerPassword: {
    code: 'owner_password_elsewhere',
    ...told(message`The owner's password is set by POST /clients/owner_password`),
  },
  expireDate: setBy(
    message`The last day of use is changed by PATCH /clients/{id}/expire_date, with a reason`,
  ),
  image: setBy(message`The image is changed by POST /clients/{id}/switch?targetImage=`),
  maintenance: setBy(
    message`The maintenance page is set by POST /clients/{id}/maintain_enable and /clients/{id}/maintain_disable`,
  ),
  demo: setBy(message`Demo data are set by POST /clients/{id}/demo_enable and /clients/{id}/demo_disable`),
  quickStart: setBy(message`The quick start is set by PATCH /clients/{id}/settings`),
  tutorial: setBy(message`The tutorial is set by PATCH /clients/{id}/settings`),
  slug: setBy(message`The slug is given once, by POST /clients/create; another name can be added to aliases`),
  ownerLogin: setBy(message`The owner's login is given once, by POST /clients/create`),
  sendSuccess: setBy(
    message`Whether a mail is sent after the creation is said once, by POST /clients/create`,
  ),
};

/** Change of a client. */
export const clientChangeRoutes = (services: RouteServices): Route[] =>
  ownRoutes(applyChanges, {
    answers: { 200: 'clients', 202: 'operations' },
    meta: { operationId: 'sometimes', applies: 'sometimes', operationStatus: 'sometimes' },
    parameters: Type.Object({}, { additionalProperties: false }),
    body: {
      type: 'clients',
      attributes: ClientChanges,
      relationships: {},
      mayCarryPathId: true,
      elsewhere,
    },
    async handle(request) {
      const { attributes, id } = request;
      if (Object.keys(attributes).length === 0) return answerUnchanged(services, request);
      const { commands, vault } = services;
      const command = await toChangeClientCommand(id, attributes, vault);
      const { kind, command: name } = applyChanges;
      const target = { type: 'client', id } as const;
      const sent = await commands.send(name, commands.idOf(request), command, request, { kind, target });
      return answerWithChangedClient(services, request, sent, { kind, applies: appliesOf(attributes) });
    },
  });

/** What a change asks of the server. */
const appliesOf = ({ name, locale, limits = {} }: ClientChanges): Message =>
  name === undefined &&
  locale === undefined &&
  !Object.keys(limits).some((limit) => !(limit in RequestLimits.properties))
    ? message`The proxy takes up the client's names and limits of requests; its container goes on running`
    : message`The configuration is made anew; a new container takes the place of the old one without a gap when it needs that`;

/** JSON:API allows a change of nothing; no command is needed for it. */
const answerUnchanged = async (services: RouteServices, request: ApiRequest<unknown>): Promise<Answer> => {
  const { result, stale } = await services.queries.ask('GetClient', { id: request.id }, seeing(request));
  const { server: _, ...client } = result;
  return { status: 200, document: { data: presentClient(client, request.language), ...metaOf(stale) } };
};

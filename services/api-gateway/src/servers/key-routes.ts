import {
  deriveId,
  makeSshKey,
  SshKeyAttributes,
  type SshKeyView,
  type ResourceOf,
  type sshKeyResource,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { type Answer, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders } from '../operations/finish.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';

const none = Type.Object({}, { additionalProperties: false });

/** Key pairs by which servers can be reached. */
export const sshKeyRoutes = (services: RouteServices): Route[] => [
  ...makeKey(services),
  route({
    method: 'GET',
    path: '/servers/keys',
    summary: 'Key pairs made by Alfa Cloud, newest first',
    answers: { 200: 'ssh-keys[]' },
    parameters: none,
    async handle(request) {
      const { result, stale } = await services.queries.ask('ListSshKeys', {}, seeing(request));
      const meta = metaOf(stale, { total: result.items.length });
      return {
        status: 200,
        document: { data: result.items.map(presentSshKey), links: { self: '/servers/keys' }, ...meta },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/servers/keys/{id}',
    summary: 'The public part of a key pair made by Alfa Cloud',
    answers: { 200: 'ssh-keys' },
    parameters: none,
    async handle(request) {
      const { result, stale } = await services.queries.ask('GetSshKey', { id: request.id }, seeing(request));
      return { status: 200, document: { data: presentSshKey(result), ...metaOf(stale) } };
    },
  }),
];

const makeKey = (services: RouteServices): Route[] =>
  ownRoutes(makeSshKey, {
    answers: { 201: 'ssh-keys', 202: 'operations' },
    parameters: none,
    body: { type: 'ssh-keys', attributes: SshKeyAttributes, relationships: {}, required: false },
    async handle(request): Promise<Answer> {
      const { commands, queries } = services;
      const id = commands.idOf(request);
      const keyId = deriveId(id, 'ssh-key');
      const command = { keyId, comment: request.attributes.comment ?? 'alfa-cloud' };
      const started = startedOn(makeSshKey, '');
      const sent = await commands.send(makeSshKey.command, id, command, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      const { result } = await queries.ask('GetSshKey', { id: keyId });
      const headers = { ...commandHeaders(sent), Location: `/servers/keys/${keyId}` };
      return {
        status: 201,
        document: { data: presentSshKey(result) },
        headers: { ...headers, 'Content-Location': `/servers/keys/${keyId}` },
      };
    },
  });

const presentSshKey = ({
  id,
  publicKey,
  fingerprint,
  createdAt,
}: SshKeyView): ResourceOf<typeof sshKeyResource> => ({
  type: 'ssh-keys',
  id,
  attributes: { publicKey, fingerprint, createdAt },
  links: { self: `/servers/keys/${id}` },
});

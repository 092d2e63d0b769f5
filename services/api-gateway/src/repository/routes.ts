import {
  checkRepository,
  message,
  RepositoryChanges,
  RepositoryCheckAttributes,
  type RepositoryView,
  setRepository,
  type ResourceOf,
  type repositoryResource,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders } from '../operations/finish.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import type { Sent } from '../commands/send-command.ts';
import { refuse } from '../http/problems.ts';
import { type RouteServices, seeing } from '../services.ts';
import { toSetRepositoryCommand } from './set-repository-command.ts';

const none = Type.Object({}, { additionalProperties: false });
const self = '/repository';

/** The repository is asked before the answer: for its host key, then for its branches. */
const answerMs = 45_000;

/** The repository that images are built from. There is one, so it has no id in its address. */
export const repositoryRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: self,
    summary: 'The repository that images are built from; 404 while none is set',
    answers: { 200: 'repositories' },
    parameters: none,
    async handle(request) {
      const { result, stale } = await services.queries.ask('GetRepository', {}, seeing(request));
      return { status: 200, document: { data: presentRepository(result), ...metaOf(stale) } };
    },
  }),
  ...ownRoutes(setRepository, {
    answers: { 200: 'repositories', 202: 'operations' },
    parameters: none,
    body: { type: 'repositories', attributes: RepositoryChanges, relationships: {}, mayCarryPathId: true },
    async handle(request): Promise<Answer> {
      const whole = request.method === 'PUT';
      if (whole && request.attributes.url === undefined) {
        throw refuse('required', message`"${'url'}" is required`, { pointer: '/data/attributes/url' });
      }
      const { commands, vault } = services;
      const data = await toSetRepositoryCommand(request.attributes, whole, vault);
      const started = { ...startedOn(setRepository, ''), answerMs };
      const sent = await commands.send(setRepository.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return changed(services, request, sent);
    },
  }),
  ...ownRoutes(checkRepository, {
    answers: { 200: 'repositories', 202: 'operations' },
    parameters: none,
    body: {
      type: 'repository-checks',
      attributes: RepositoryCheckAttributes,
      relationships: {},
      required: false,
    },
    async handle(request): Promise<Answer> {
      const { commands } = services;
      const { fingerprint } = request.attributes;
      const data = fingerprint === undefined ? {} : { fingerprint };
      const started = { ...startedOn(checkRepository, ''), answerMs };
      const sent = await commands.send(
        checkRepository.command,
        commands.idOf(request),
        data,
        request,
        started,
      );
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return changed(services, request, sent);
    },
  }),
];

const changed = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  sent: Sent,
): Promise<Answer> => {
  const { result } = await services.queries.ask('GetRepository', {}, seeing(request));
  return {
    status: 200,
    document: { data: presentRepository(result) },
    headers: { ...commandHeaders(sent), 'Content-Location': self },
  };
};

const presentRepository = (view: RepositoryView): ResourceOf<typeof repositoryResource> => ({
  type: 'repositories',
  id: 'repository',
  attributes: {
    url: view.url,
    branches: view.branches,
    dockerfile: view.dockerfile,
    afterBuild: view.afterBuild,
    access: view.access,
    publicKey: view.publicKey ?? null,
    hostKey: view.hostKey ?? null,
    hostKeyFingerprint: view.hostKeyFingerprint ?? null,
    username: view.username ?? null,
    hook: view.hook,
    changedAt: view.changedAt,
  },
  links: { self },
});

import {
  createWebhook,
  changeWebhook,
  deriveId,
  Id,
  type ListNotices,
  noticeStatuses,
  removeWebhook,
  replayDelivery,
  testWebhook,
  WebhookAttributes,
  WebhookChanges,
} from '@alfa-cloud/contracts';
import { type Static, Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { positionHeader } from '../http/position.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders } from '../operations/finish.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';
import { presentDelivery, presentWebhook } from './present-webhook.ts';

const none = Type.Object({}, { additionalProperties: false });
const filters = { ...pageParameters, 'filter[status]': Type.Optional(Type.Enum([...noticeStatuses])) };
const OfWebhook = Type.Object(filters, { additionalProperties: false });
const OfAll = Type.Object(
  { ...filters, 'filter[webhook]': Type.Optional(Id) },
  { additionalProperties: false },
);

/** Where the administrator is told of what happens, and what became of it. */
export const webhookRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: '/webhooks',
    summary: 'Webhooks, the oldest first',
    answers: { 200: 'webhooks[]' },
    parameters: none,
    async handle(request) {
      const { result, stale } = await services.queries.ask('ListWebhooks', {}, seeing(request));
      const meta = metaOf(stale, { total: result.items.length });
      return {
        status: 200,
        document: { data: result.items.map(presentWebhook), links: { self: '/webhooks' }, ...meta },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks/{id}',
    summary: 'One webhook',
    answers: { 200: 'webhooks' },
    parameters: none,
    async handle(request) {
      const { result, stale } = await services.queries.ask('GetWebhook', { id: request.id }, seeing(request));
      return { status: 200, document: { data: presentWebhook(result), ...metaOf(stale) } };
    },
  }),
  ...makeRoutes(services),
  ...changeRoutes(services),
  ...removeRoutes(services),
  ...testRoutes(services),
  route({
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    summary: 'What went to a webhook, newest first',
    answers: { 200: 'deliveries[]' },
    parameters: OfWebhook,
    handle: (request) => listDeliveries(services, request, request.id),
  }),
  route({
    method: 'GET',
    path: '/deliveries',
    summary: 'What went to webhooks and to the addresses of the administrator, newest first',
    answers: { 200: 'deliveries[]' },
    parameters: OfAll,
    handle: (request) => listDeliveries(services, request, request.parameters['filter[webhook]']),
  }),
  ...replayRoutes(services),
];

const makeRoutes = (services: RouteServices): Route[] =>
  ownRoutes(createWebhook, {
    answers: { 201: 'webhooks', 202: 'operations' },
    meta: { secret: 'sometimes' },
    parameters: none,
    body: { type: 'webhooks', attributes: WebhookAttributes, relationships: {} },
    async handle(request): Promise<Answer> {
      const { commands, queries, vault } = services;
      const commandId = commands.idOf(request);
      const webhookId = deriveId(commandId, 'webhook');
      const { secret = madeSecret(vault, webhookId), url, ...attributes } = request.attributes;
      const data = {
        webhookId,
        ...attributes,
        url: await vault.seal('transport', url),
        secret: await vault.seal('transport', secret),
      };
      const started = startedOn(createWebhook, '');
      const sent = await commands.send(createWebhook.command, commandId, data, request, started);
      const told = request.attributes.secret === undefined ? { meta: { secret } } : {};
      if (sent.position === null) {
        // The secret can be told by nobody later on.
        const answer = await answerWithOperation(services, request, sent, started);
        return 'document' in answer ? { ...answer, document: { ...answer.document, ...told } } : answer;
      }
      const { result } = await queries.ask('GetWebhook', { id: webhookId }, { minPosition: sent.position });
      const self = `/webhooks/${webhookId}`;
      return {
        status: 201,
        document: {
          data: presentWebhook(result),
          ...told,
        },
        headers: { ...commandHeaders(sent), Location: self, 'Content-Location': self },
      };
    },
  });

/** 32 bytes that nobody can guess without the master key; the same for a request that is repeated under its key. */
const madeSecret = (vault: RouteServices['vault'], webhookId: string): string => {
  const bytes = Buffer.from(vault.fingerprint(`secret of webhook ${webhookId}`), 'base64url');
  return `whsec_${bytes.toString('base64')}`;
};

const changeRoutes = (services: RouteServices): Route[] =>
  ownRoutes(changeWebhook, {
    answers: { 200: 'webhooks', 202: 'operations' },
    parameters: none,
    body: { type: 'webhooks', attributes: WebhookChanges, relationships: {}, mayCarryPathId: true },
    async handle(request): Promise<Answer> {
      const { commands, queries, vault } = services;
      const { id: webhookId } = request;
      const { secret, url, ...changes } = request.attributes;
      const data = {
        webhookId,
        ...changes,
        ...(url === undefined ? {} : { url: await vault.seal('transport', url) }),
        ...(secret === undefined ? {} : { secret: await vault.seal('transport', secret) }),
      };
      const started = startedOn(changeWebhook, '');
      const sent = await commands.send(changeWebhook.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      const { result } = await queries.ask('GetWebhook', { id: webhookId }, { minPosition: sent.position });
      return {
        status: 200,
        document: { data: presentWebhook(result) },
        headers: { ...commandHeaders(sent), 'Content-Location': `/webhooks/${webhookId}` },
      };
    },
  });

const removeRoutes = (services: RouteServices): Route[] =>
  ownRoutes(removeWebhook, {
    answers: { 204: '', 202: 'operations' },
    parameters: none,
    async handle(request): Promise<Answer> {
      const { commands } = services;
      const data = { webhookId: request.id };
      const started = startedOn(removeWebhook, '');
      const sent = await commands.send(removeWebhook.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return { status: 204, headers: { [positionHeader]: sent.position } };
    },
  });

const testRoutes = (services: RouteServices): Route[] =>
  ownRoutes(testWebhook, {
    answers: { 201: 'deliveries', 202: 'operations' },
    parameters: none,
    async handle(request): Promise<Answer> {
      const { commands } = services;
      const commandId = commands.idOf(request);
      const noticeId = deriveId(commandId, 'notice');
      const data = { webhookId: request.id, noticeId };
      const started = startedOn(testWebhook, '');
      const sent = await commands.send(testWebhook.command, commandId, data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return answerWithDelivery(services, request, noticeId, { status: 201, position: sent.position });
    },
  });

const replayRoutes = (services: RouteServices): Route[] =>
  ownRoutes(replayDelivery, {
    answers: { 200: 'deliveries', 202: 'operations' },
    parameters: none,
    async handle(request): Promise<Answer> {
      const { commands } = services;
      const noticeId = request.id;
      const started = startedOn(replayDelivery, '');
      const sent = await commands.send(
        replayDelivery.command,
        commands.idOf(request),
        { noticeId },
        request,
        started,
      );
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return answerWithDelivery(services, request, noticeId, { status: 200, position: sent.position });
    },
  });

const answerWithDelivery = async (
  { queries }: RouteServices,
  { language }: ApiRequest<unknown>,
  id: string,
  { status, position }: { status: 200 | 201; position: string },
): Promise<Answer> => {
  const { result, stale } = await queries.ask('GetNotice', { id }, { minPosition: position });
  return {
    status,
    document: { data: presentDelivery(result, language), ...metaOf(stale) },
    headers: { [positionHeader]: position },
  };
};

const listDeliveries = async (
  services: RouteServices,
  request: ApiRequest<Static<typeof OfWebhook>>,
  recipientId: string | undefined,
): Promise<Answer> => {
  const { parameters, language } = request;
  const page = pageOf(parameters);
  const { 'filter[status]': status } = parameters;
  const query: ListNotices = {
    page,
    filter: {
      ...(recipientId === undefined ? {} : { recipientId }),
      ...(status === undefined ? {} : { status }),
    },
  };
  const { result, stale } = await services.queries.ask('ListNotices', query, seeing(request));
  return {
    status: 200,
    document: {
      data: result.items.map((notice) => presentDelivery(notice, language)),
      links: pageLinks(request.path, request.search, { ...page, total: result.total }),
      ...metaOf(stale, { total: result.total }),
    },
  };
};

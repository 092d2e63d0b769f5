import {
  message,
  messageInWords,
  prepareServer,
  removeServer,
  ServerChanges,
  acceptHostKey,
  endDraining,
  HostKeyAttributes,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { positionHeader } from '../http/position.ts';
import { type Answer, type Method, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import type { RouteServices } from '../services.ts';
import { toChangeServerCommand } from './change-server-command.ts';
import { answerTimeOf, presentCheck } from './connection-check.ts';
import { presentServer } from './present-server.ts';

const preparedAgain = message`The server is prepared again`;

const none = Type.Object({}, { additionalProperties: false });

/** Change and removal of a server. */
export const serverChangeRoutes = (services: RouteServices): Route[] => [
  changeServer(services, 'PUT'),
  changeServer(services, 'PATCH'),
  ...acceptKey(services),
  ...endDrain(services),
  ...forgetServer(services),
];

const changeServer = (services: RouteServices, method: Method): Route =>
  route({
    method,
    path: '/servers/{id}',
    summary: 'Changes attributes of a server; it is prepared again where that is needed',
    answers: { 200: 'servers', 202: 'operations' },
    meta: {
      operationId: 'sometimes',
      applies: 'sometimes',
      operationStatus: 'sometimes',
      connection: 'sometimes',
    },
    parameters: none,
    body: { type: 'servers', attributes: ServerChanges, relationships: {}, mayCarryPathId: true },
    async handle(request): Promise<Answer> {
      const { id } = request;
      const { commands, vault, queries } = services;
      const command = await toChangeServerCommand(id, request.attributes, vault);
      const started = { ...startedOn(prepareServer, id), ...answerTimeOf(command.connection) };
      const sent = await commands.send('ChangeServer', commands.idOf(request), command, request, started);
      // Not known to be accepted yet: it can still be refused, and then its operation says so.
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      const operationId = sent.ids?.['operationId'];
      const finished = operationId === undefined ? null : await finishedInTime(sent, request, services);
      const { result, stale } = await queries.ask('GetServer', { id }, { minPosition: sent.position });
      const meta = {
        ...(operationId === undefined
          ? {}
          : { operationId, applies: messageInWords(request.language, preparedAgain) }),
        ...(finished === null ? {} : { operationStatus: finished.status }),
        ...(command.connection === undefined ? {} : presentCheck(result.check)),
      };
      return {
        status: 200,
        document: { data: presentServer(result, request.language), ...metaOf(stale, meta) },
        headers: {
          ...commandHeaders(sent),
          'Content-Location': `/servers/${id}`,
          ...(finished === null ? {} : preferenceApplied(request)),
        },
      };
    },
  });

/** The server is asked for its key before the answer. */
const acceptMs = 20_000;

const acceptKey = (services: RouteServices): Route[] =>
  ownRoutes(acceptHostKey, {
    answers: { 200: 'servers', 202: 'operations' },
    parameters: none,
    body: { type: 'host-keys', attributes: HostKeyAttributes, relationships: {} },
    async handle(request): Promise<Answer> {
      const { commands, queries } = services;
      const { id } = request;
      const started = { ...startedOn(acceptHostKey, id), answerMs: acceptMs };
      const data = { serverId: id, fingerprint: request.attributes.fingerprint };
      const sent = await commands.send(acceptHostKey.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      const { result, stale } = await queries.ask('GetServer', { id }, { minPosition: sent.position });
      return {
        status: 200,
        document: { data: presentServer(result, request.language), ...metaOf(stale) },
        headers: { ...commandHeaders(sent), 'Content-Location': `/servers/${id}` },
      };
    },
  });

const endDrain = (services: RouteServices): Route[] =>
  ownRoutes(endDraining, {
    answers: { 200: 'servers', 202: 'operations' },
    parameters: none,
    async handle(request): Promise<Answer> {
      const { commands, queries } = services;
      const { id } = request;
      const started = startedOn(endDraining, id);
      const data = { serverId: id };
      const sent = await commands.send(endDraining.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      const { result, stale } = await queries.ask('GetServer', { id }, { minPosition: sent.position });
      return {
        status: 200,
        document: { data: presentServer(result, request.language), ...metaOf(stale) },
        headers: { ...commandHeaders(sent), 'Content-Location': `/servers/${id}` },
      };
    },
  });

const forgetServer = (services: RouteServices): Route[] =>
  ownRoutes(removeServer, {
    answers: { 204: '', 202: 'operations' },
    parameters: none,
    async handle(request): Promise<Answer> {
      const { commands } = services;
      const { id } = request;
      const started = startedOn(removeServer, id);
      const data = { serverId: id };
      const sent = await commands.send(removeServer.command, commands.idOf(request), data, request, started);
      if (sent.position === null) return answerWithOperation(services, request, sent, started);
      return { status: 204, headers: { [positionHeader]: sent.position } };
    },
  });

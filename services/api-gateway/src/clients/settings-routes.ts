import {
  told,
  applySettings,
  type CloudSettingsView,
  CloudSettingsChanges,
  isRejection,
  message,
  type Message,
  type ResourceOf,
  type cloudSettingsResource,
  toOne,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import type { Sent } from '../commands/send-command.ts';
import { metaOf } from '../http/document.ts';
import type { Problem } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { commandHeaders, finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { isPassing } from '../operations/operation-watch.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';

/** How long a change waits for the client's database unless the sender says otherwise, in milliseconds. */
const applyWaitMs = 5000;

const path = '/clients/{id}/settings';
const none = Type.Object({}, { additionalProperties: false });

/** The settings that the client's application reads from the table `cloud_settings` of its own database. */
export const settingsRoutes = (services: RouteServices): Route[] => [
  getSettings(services),
  ...changeSettings(services),
];

const getSettings = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path,
    summary: "Cloud settings as they stand in the client's database now",
    answers: { 200: 'cloud-settings' },
    parameters: none,
    handle: (request) => answerPresent(services, request),
  });

const answerPresent = async (services: RouteServices, request: ApiRequest<unknown>): Promise<Answer> => {
  const { result, stale } = await services.queries.ask(
    'GetCloudSettings',
    { clientId: request.id },
    seeing(request),
  );
  return { status: 200, document: { data: presentSettings(request.id, result), ...metaOf(stale) } };
};

const setBy = (detail: Message): Pick<Problem, 'code' | 'detail' | 'message'> => ({
  code: 'set_elsewhere',
  ...told(detail),
});
const setByMaintenance = setBy(
  message`The maintenance page and its message are set by POST /clients/{id}/maintain_enable and /clients/{id}/maintain_disable`,
);

/** Settings that follow from something else: the page of the proxy and the last day of use must not say another thing. */
const elsewhere = {
  maintenance: setByMaintenance,
  maintenanceMessage: setByMaintenance,
  expiresAt: setBy(message`The last day of use is changed by PATCH /clients/{id}/expire_date`),
};

const changeSettings = (services: RouteServices): Route[] =>
  ownRoutes(applySettings, {
    answers: { 200: 'cloud-settings', 202: 'operations' },
    meta: { operationId: 'sometimes' },
    parameters: none,
    body: {
      type: 'cloud-settings',
      attributes: CloudSettingsChanges,
      relationships: {},
      mayCarryPathId: true,
      elsewhere,
    },
    async handle(request): Promise<Answer> {
      // JSON:API allows a change of nothing; no command is needed for it.
      if (Object.keys(request.attributes).length === 0) return answerPresent(services, request);
      const { commands } = services;
      const data = { clientId: request.id, ...request.attributes };
      const started = startedOn(applySettings, request.id, request.attributes);
      const name = applySettings.command;
      const sent = await commands.send(name, commands.idOf(request), data, request, started);
      return (
        (await answerApplied(services, request, sent)) ??
        answerWithOperation(services, { ...request, waitMs: 0 }, sent, started)
      );
    },
  });

/** The settings once they stand in the database; null while they do not: the change is recorded and goes on being made true. */
const answerApplied = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  sent: Sent,
): Promise<Answer | null> => {
  const operationId = sent.ids?.['operationId'];
  // An answer without an operation: nothing had to be changed.
  const isUnchanged = sent.ids !== undefined && operationId === undefined;
  const waitMs = request.waitMs === 0 ? applyWaitMs : request.waitMs;
  const finished = isUnchanged ? null : await finishedInTime(sent, { ...request, waitMs }, services);
  if (!isUnchanged && finished?.status !== 'ok') return null;
  const settings = await readSettings(services, request.id);
  if (settings === null) return null;
  return {
    status: 200,
    document: {
      data: presentSettings(request.id, settings),
      ...(operationId === undefined ? {} : { meta: { operationId } }),
    },
    headers: {
      ...commandHeaders(sent),
      'Content-Location': `/clients/${request.id}/settings`,
      ...(finished === null || request.waitMs === 0 ? {} : preferenceApplied(request)),
    },
  };
};

/** Null when the database can't be asked at the moment: the change is taken all the same. */
const readSettings = async (services: RouteServices, clientId: string): Promise<CloudSettingsView | null> => {
  try {
    return (await services.queries.ask('GetCloudSettings', { clientId })).result;
  } catch (error) {
    if (isPassing(error) || isRejection(error)) return null;
    throw error;
  }
};

const presentSettings = (
  clientId: string,
  settings: CloudSettingsView,
): ResourceOf<typeof cloudSettingsResource> => ({
  type: 'cloud-settings',
  id: clientId,
  attributes: {
    maintenance: settings.maintenance,
    maintenanceMessage: settings.maintenanceMessage,
    expiresAt: settings.expiresAt,
    quickStart: settings.quickStart,
    tutorial: settings.tutorial,
    updatedAt: settings.updatedAt,
    drift: settings.drift,
  },
  relationships: { client: toOne('clients', clientId) },
  links: { self: `/clients/${clientId}/settings` },
});

import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { message, type Message, reject, wordsOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { loadClientOnServer } from '../on-server/client-on-server.ts';
import type { ActiveClient, ClientState } from '../domain/client.ts';
import { inspectCloudSettings } from '../resources/cloud-settings/cloud-settings.ts';
import { cloudSettingsOf } from '../resources/cloud-settings/desired.ts';
import { loadClient } from '../domain/load.ts';
import { cloudSettingsColumns, type CloudSettingsColumn } from '../on-server/cloud-settings-sql.ts';
import { containerLog } from './container-log.ts';

const callMs = 3000;

const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

export interface ClientQueryDeps {
  store: EventStore;
  vault: Vault;
  cloudServers: CloudServers;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
}

/** The queries that are answered by looking at a client on its server. */
export const clientQueries = (
  deps: ClientQueryDeps,
): Pick<QueryHandlers, 'GetCloudSettings' | 'GetContainerLog'> => ({
  async GetCloudSettings({ clientId }) {
    const state = activeOf((await loadClient(deps.store, clientId)).state, clientId);
    const client = await loadClientOnServer(deps, clientId);
    const settings = cloudSettingsOf({ ...state, ...state.client }, deps.timeZone);
    const found = await asked(message`for the cloud settings`, () =>
      inspectCloudSettings(
        client.cloud,
        { names: client.names, settings },
        { ...client, deadlineMs: callMs },
      ),
    );
    if (found === null) {
      throw reject(
        'not_found',
        message`The database of this client holds no cloud settings at the moment; they are written again within a minute`,
      );
    }
    const { wrong, ...values } = found;
    return { result: { ...values, drift: driftOf(wrong, state) } };
  },
  async GetContainerLog({ clientId, tail, after }) {
    const { state } = await loadClient(deps.store, clientId);
    if (state.status === 'absent') throw unknown(clientId);
    if (state.status === 'deleted') throw gone();
    const { cloud, names, redact } = await loadClientOnServer(deps, clientId);
    return {
      result: await asked(message`for the output of the container`, () =>
        containerLog(
          cloud,
          names.container,
          { tail, after: after === null ? null : momentOf(after) },
          redact,
          callMs,
        ),
      ),
    };
  },
});

/** A cursor with nine digits of a second, as the engine's times have: texts of one length compare as times do. */
const momentOf = (cursor: string): string => {
  const [, seconds, fraction = ''] = cursorPattern.exec(cursor) ?? [];
  if (seconds === undefined || Number.isNaN(Date.parse(`${seconds}Z`))) {
    throw reject('validation_failed', message`The cursor must be the time of a line, RFC 3339 in UTC`);
  }
  return `${seconds}.${fraction.padEnd(9, '0')}Z`;
};

const unknown = (clientId: string) => reject('not_found', message`Client ${clientId} does not exist`);
const gone = () => reject('gone', message`This client was deleted`);

const activeOf = (state: ClientState, clientId: string): ActiveClient => {
  switch (state.status) {
    case 'absent':
      throw unknown(clientId);
    case 'creating':
    case 'failed':
      throw reject('client_not_active', message`Only an active client has cloud settings`);
    case 'deleted':
      throw gone();
    case 'active':
      return state;
    default:
      return state satisfies never;
  }
};

/** Answers `server_unreachable` when the server can't be asked. */
const asked = async <T>(forWhat: Message, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (!isCloudServerError(error) && errorName(error) !== 'StepFailure') throw error;
    const detail = message`The server could not be asked ${forWhat}: ${wordsOf(error)}`;
    throw reject('server_unreachable', detail);
  }
};

/** Without maintenance while an operation runs, which writes it first and records it at its end. */
const driftOf = (wrong: readonly CloudSettingsColumn[], { operation }: ActiveClient): CloudSettingsColumn[] =>
  cloudSettingsColumns.filter(
    (column) => wrong.includes(column) && (operation === null || !column.startsWith('maintenance')),
  );

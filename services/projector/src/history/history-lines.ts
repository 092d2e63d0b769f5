import type {
  ClientEvent,
  HistoryEntry,
  OperationEvent,
  OperationView,
  ServerEvent,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { kindTitle } from '../operations/step-titles.ts';

/** Events of audit value: facts about servers and clients, and who asked to cancel what is done with them. */
export type HistoricEvent =
  ServerEvent | ClientEvent | Extract<OperationEvent, { type: 'OperationCancelRequested' }>;

/** What an entry of the audit trail says of its event; the rest of it comes from the event's metadata. */
export type HistoryLine = Pick<HistoryEntry, 'kind' | 'summary' | 'reason' | 'target' | 'operationId'>;

/** What an entry needs to know of the operation that its event belongs to. */
export type HistoricOperation = Pick<OperationView, 'kind' | 'target'>;

/**
 * One event in words for people. Pure. Says nothing that is sealed in the event, so it can be read when the keys are gone.
 * @param operation null while nothing is known of it
 * @returns null when the event is about neither a server nor a client
 */
export const historyLine = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): HistoryLine | null => {
  const target = targetOf(recorded, operation);
  if (target === null) return null;
  const { type: kind, data } = recorded;
  return { kind, target, operationId: data.operationId, ...wordsOf(recorded, operation) };
};

/** The whole entry of one event. Pure. */
export const historyEntry = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): HistoryEntry | null => {
  const line = historyLine(recorded, operation);
  if (line === null) return null;
  const { at, actor, correlationId, commandId } = recorded.metadata;
  return { id: recorded.id, at, actor, ...line, correlationId, commandId };
};

const targetOf = (
  { data }: HistoricEvent,
  operation: HistoricOperation | null,
): HistoryLine['target'] | null => {
  if ('clientId' in data) return { type: 'client', id: data.clientId };
  if ('serverId' in data) return { type: 'server', id: data.serverId };
  const { type, id } = operation?.target ?? { type: 'none', id: null };
  return type === 'none' || id === null ? null : { type, id };
};

type Words = Pick<HistoryLine, 'summary' | 'reason'>;

const words = (summary: string, reason: string | null = null): Words => ({ summary, reason });

const wordsOf = (event: HistoricEvent, operation: HistoricOperation | null): Words => {
  const what = operation === null ? 'Operation' : kindTitle(operation.kind);
  switch (event.type) {
    case 'ServerRegistered':
      return words(`Server "${event.data.name}" registered for ${event.data.domain}`);
    case 'ServerBecameReady': {
      const { dockerVersion, operatingSystem } = event.data.facts;
      return words(`Server ready: Docker ${dockerVersion} on ${operatingSystem}`);
    }
    case 'ServerPreparationFailed':
      return words(`${kindTitle('server.prepare')} ${endings.error}`, event.data.reason);
    case 'ClientCreationRequested': {
      const { slug, image, expireDate } = event.data;
      return words(`Client "${slug}" asked for: image ${image}, last day of use ${expireDate}`);
    }
    case 'ClientCreated':
      return words(`Client created from image ${event.data.image}`);
    case 'ClientCreationFailed': {
      const { code, reason } = event.data;
      return words(`${kindTitle('client.create')} ${endings[code === 'cancelled' ? code : 'error']}`, reason);
    }
    case 'ClientOperationBegun':
      return words(`${kindTitle(event.data.kind)} begun`);
    case 'ClientOperationEnded':
      return words(`${what} ${endings[event.data.status]}`);
    case 'OperationCancelRequested':
      return words(`${what}: asked to cancel`, event.data.reason);
    case 'ClientExpireDateChanged': {
      const { from, to, reason } = event.data;
      return words(
        `Last day of use ${from <= to ? 'extended' : 'brought forward'} from ${from} to ${to}`,
        reason,
      );
    }
    case 'ClientMaintenanceEnabled': {
      const { message } = event.data;
      return words(`Maintenance page turned on${message === null ? '' : `: "${message}"`}`);
    }
    case 'ClientMaintenanceDisabled':
      return words('Maintenance page turned off');
    case 'ClientDemoEnabled':
      return words('Demo data put in');
    case 'ClientDemoDisabled':
      return words('Demo data removed');
    case 'ClientOwnerPasswordChanged':
      return words("Owner's password changed");
    case 'ClientUsersCounted':
      return words(`Users counted: ${event.data.users}`);
    case 'ClientRebooted':
      return words('Client restarted');
    default:
      return event satisfies never;
  }
};

type Ended = Extract<ClientEvent, { type: 'ClientOperationEnded' }>['data'];

const endings: { readonly [Status in Ended['status']]: string } = {
  ok: 'ended well',
  error: 'ended with an error',
  cancelled: 'cancelled',
};

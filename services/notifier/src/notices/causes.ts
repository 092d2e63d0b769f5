import {
  alertTitle,
  bulkOf,
  detailsOf,
  reasonOf,
  streams,
  titleOf,
  type AlertCode,
  type NoticeType,
  type OperationEvent,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import type { EventStore, RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { NoticeData } from './notice.ts';

/** What an event tells the administrator. */
export type Told = Pick<NoticeData, 'data' | 'notBefore' | 'onlyWhile'> & {
  type: Exclude<NoticeType, 'test' | 'digest'>;
};

/** A server that is well again within this time is not told of, nor is its being well again: 60 s. */
export const settleMs = 60_000;

/** Null for an event that tells the administrator nothing. What stands elsewhere is read from its stream. */
export const toldBy = async (store: EventStore, event: RecordedEvent): Promise<Told | null> => {
  const { type, data } = event;
  if (type === 'ServerAlertRaised' || type === 'ControlPlaneAlertRaised') {
    return { type: 'alert.raised', data: await ofAlert(store, data) };
  }
  if (type === 'ServerAlertCleared' || type === 'ControlPlaneAlertCleared') {
    return { type: 'alert.cleared', data: await ofAlert(store, data) };
  }
  if (type === 'ServerHealthChanged') return ofHealth(store, event);
  if (type === 'OperationFailed') return ofOperation(store, event);
  if (type === 'MailGivenUp') return { type: 'mail.given_up', data: { ...data } };
  if (type === 'MailBounced') return { type: 'mail.bounced', data: { ...data } };
  return null;
};

const ofAlert = async (
  store: EventStore,
  data: Record<string, unknown> & { serverId?: string; code: AlertCode },
): Promise<Record<string, unknown>> => {
  const told = { ...data, title: alertTitle(data.code, 'en') };
  if (data.serverId === undefined) return told;
  const { events } = await store.read<ServerEvent>(streams.server(data.serverId));
  return { ...told, server: nameIn(events) };
};

const nameIn = (events: readonly RecordedEvent<ServerEvent>[]): string | null =>
  events.reduce<string | null>((name, { type, data }) => {
    const named = type === 'ServerRegistered' || type === 'ServerChanged' ? data.name : undefined;
    return named ?? name;
  }, null);

type HealthChanged = RecordedEvent<Extract<ServerEvent, { type: 'ServerHealthChanged' }>>;

const ofHealth = async (store: EventStore, event: HealthChanged): Promise<Told | null> => {
  const { serverId, health, reasons } = event.data;
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const isHealth = (each: RecordedEvent<ServerEvent>): each is HealthChanged =>
    each.type === 'ServerHealthChanged';
  const before = events.filter(isHealth).filter(({ revision }) => revision < event.revision);
  const lastWell = before.findLastIndex(({ data }) => data.health === 'ok');
  // From the first look at which it was not well on.
  const ill = before[lastWell + 1];
  const at = Date.parse(event.metadata.at);
  const data = { serverId, server: nameIn(events), health };
  if (health === 'ok') {
    const isLong = ill !== undefined && at - Date.parse(ill.metadata.at) >= settleMs;
    return isLong ? { type: 'server.recovered', data } : null;
  }
  // One spell is told once, whatever else is found meanwhile.
  if (ill !== undefined) return null;
  return {
    type: 'server.degraded',
    data: { ...data, ...(reasons.length === 0 ? {} : reasonOf(detailsOf(reasons))) },
    notBefore: new Date(at + settleMs).toISOString(),
    onlyWhile: { serverId, healthEventId: event.id },
  };
};

const ofOperation = async (
  store: EventStore,
  { data: { operationId, cause } }: RecordedEvent<Extract<OperationEvent, { type: 'OperationFailed' }>>,
): Promise<Told | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const accepted = events.find((event) => event.type === 'OperationAccepted');
  if (accepted?.type !== 'OperationAccepted') return null;
  const { kind, target } = accepted.data;
  const type = bulkOf(kind) !== null ? 'bulk.failed' : kind === 'client.back_up' ? 'backup.failed' : null;
  if (type === null) return null;
  const { code, reason, message } = cause;
  const about =
    target.type === 'client'
      ? { clientId: target.id }
      : target.type === 'server'
        ? { serverId: target.id }
        : {};
  const why = { code, reason, ...(message === undefined ? {} : { message }) };
  return { type, data: { operationId, kind, title: titleOf(kind).en, ...about, ...why } };
};

import type { ControlPlaneEvent, RaisedAlert, ServerEvent } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';

/** What tells an alert from the others of one stream: of each there is one at a time. */
export type AlertKey = Pick<RaisedAlert, 'code' | 'about'>;

/** An alert that is raised. */
export type KnownAlert = AlertKey & Pick<RaisedAlert, 'alertId'>;

export type AlertCommand =
  /** No-op when it is raised already. */
  | { type: 'raise_alert'; alert: RaisedAlert }
  /** No-op when it is not raised. */
  | { type: 'clear_alert'; alert: AlertKey };

export const isSameAlert = (one: AlertKey, other: AlertKey): boolean =>
  one.code === other.code && one.about === other.about;

/** What one stream tells of its alerts. */
interface AlertEvents<Event> {
  raised: (alert: RaisedAlert) => Event;
  cleared: (alert: KnownAlert) => Event;
}

const decideAlert = <Event>(
  command: AlertCommand,
  raised: readonly KnownAlert[],
  events: AlertEvents<Event>,
): Event[] => {
  const known = raised.find((each) => isSameAlert(each, command.alert));
  if (command.type === 'raise_alert') return known === undefined ? [events.raised(command.alert)] : [];
  return known === undefined ? [] : [events.cleared(known)];
};

export const serverAlertEvents = (
  command: AlertCommand,
  serverId: string,
  raised: readonly KnownAlert[],
): ServerEvent[] =>
  decideAlert<ServerEvent>(command, raised, {
    raised: (alert) => ({ type: 'ServerAlertRaised', data: { serverId, ...alert } }),
    cleared: (alert) => ({ type: 'ServerAlertCleared', data: { serverId, ...alert } }),
  });

type AlertEvent = Extract<ServerEvent | ControlPlaneEvent, { type: `${string}Alert${string}` }>;

/** What is raised after one more event. */
export const alertsAfter = (raised: readonly KnownAlert[], event: AlertEvent): readonly KnownAlert[] => {
  const { alertId, code, about } = event.data;
  const others = raised.filter((each) => each.alertId !== alertId);
  return event.type === 'ServerAlertRaised' || event.type === 'ControlPlaneAlertRaised'
    ? [...others, { alertId, code, about }]
    : others;
};

/** Alerts about this installation itself. */
export const controlPlaneDecider: Decider<readonly KnownAlert[], AlertCommand, ControlPlaneEvent> = {
  initialState: () => [],
  decide: (command, raised) =>
    decideAlert<ControlPlaneEvent>(command, raised, {
      raised: (data) => ({ type: 'ControlPlaneAlertRaised', data }),
      cleared: (data) => ({ type: 'ControlPlaneAlertCleared', data }),
    }),
  evolve: alertsAfter,
};

import { Type, type Static } from 'typebox';
import { closed, Id, Instant, nullable } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';

/** What somebody has to look after. `all_unreachable` is about Alfa Cloud itself, the others are about one server. */
export const alertCodes = [
  'unreachable',
  'clients_down',
  'disk',
  'inodes',
  'memory',
  'clock',
  'all_unreachable',
] as const;
export const AlertCode = Type.Enum([...alertCodes]);
export type AlertCode = (typeof alertCodes)[number];

const known = {
  alertId: Id,
  code: AlertCode,
  /** Path of the disk; null where the code says all. */
  about: nullable(Type.String()),
};
const raised = {
  ...known,
  /** When it began; it was raised once it had lasted. */
  since: Instant,
  ...reasonFields,
};

/** On the stream of the server. An alert that is raised is not raised again before it was cleared. */
export const serverAlertEvents = {
  ServerAlertRaised: closed({ serverId: Id, ...raised }),
  /** What it was about has been well for a while. */
  ServerAlertCleared: closed({ serverId: Id, ...known }),
};

/** On the stream `control-plane`. */
export const controlPlaneEvents = {
  ControlPlaneAlertRaised: closed(raised),
  ControlPlaneAlertCleared: closed(known),
};

export type ControlPlaneEvent = {
  [Name in keyof typeof controlPlaneEvents]: {
    type: Name;
    data: Static<(typeof controlPlaneEvents)[Name]>;
  };
}[keyof typeof controlPlaneEvents];

/** What stands in the events of an alert that was raised. */
export type RaisedAlert = Static<(typeof controlPlaneEvents)['ControlPlaneAlertRaised']>;

import type { AlertView, ControlPlaneEvent, ServerEvent } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

type Raised = Extract<ServerEvent | ControlPlaneEvent, { type: `${string}AlertRaised` }>;

/** The alert that an event raises. Pure. */
export const raisedAlert = ({ data, metadata }: RecordedEvent<Raised>): AlertView => {
  const { alertId, code, about, since, reason, message } = data;
  return {
    id: alertId,
    serverId: 'serverId' in data ? data.serverId : null,
    code,
    about,
    reason,
    ...(message === undefined ? {} : { message }),
    since,
    raisedAt: metadata.at,
    clearedAt: null,
  };
};

import {
  bulkOf,
  type ClientEvent,
  type ControlPlaneEvent,
  type CredentialsEvent,
  type MailEvent,
  type OperationEvent,
  type OperationView,
  type PasswordLinkEvent,
  type ServerEvent,
  type RepositoryEvent,
  type SshKeyEvent,
  type WebhookEvent,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { BegunBuildEvent } from '../builds/project-build.ts';

type HistoricOperationEvent = Extract<
  OperationEvent,
  {
    type:
      | 'OperationChildrenPlanned'
      | 'OperationRejected'
      | 'OperationCancelRequested'
      | 'OperationSucceeded'
      | 'OperationFailed'
      | 'OperationCancelled';
  }
>;

/** How a mail ended. What was tried before stands with the mail alone. */
type HistoricMailEvent = Extract<MailEvent, { type: 'MailSent' | 'MailGivenUp' | 'MailBounced' }>;

/** Events of audit value: facts about servers, clients, builds, mails, credentials and this installation, who asked to cancel, and what was done with many clients at once. */
export type HistoricEvent =
  | ServerEvent
  | ClientEvent
  | CredentialsEvent
  | ControlPlaneEvent
  | SshKeyEvent
  | WebhookEvent
  | RepositoryEvent
  | BegunBuildEvent
  | HistoricMailEvent
  | Extract<PasswordLinkEvent, { type: 'PasswordLinkOpened' }>
  | HistoricOperationEvent;

export const isHistoricMail = (
  recorded: RecordedEvent<MailEvent>,
): recorded is RecordedEvent<HistoricMailEvent> =>
  recorded.type === 'MailSent' || recorded.type === 'MailGivenUp' || recorded.type === 'MailBounced';

/** True for the events of an operation that stand in the history. The end of an operation on one client is an event of the client. */
export const isHistoric = (
  recorded: RecordedEvent<OperationEvent>,
  { kind, target }: HistoricOperation,
): recorded is RecordedEvent<HistoricOperationEvent> => {
  const { type } = recorded;
  if (type === 'OperationCancelRequested') return true;
  // A long plan comes in parts, of which the first says what all are about.
  if (type === 'OperationChildrenPlanned') return (recorded.data.part?.number ?? 1) === 1;
  if (type === 'OperationRejected')
    return target.type !== 'none' || recorded.data.requestedKind !== undefined;
  const isEnd = type === 'OperationSucceeded' || type === 'OperationFailed' || type === 'OperationCancelled';
  return isEnd && bulkOf(kind) !== null;
};

/** What an entry needs to know of the operation that its event belongs to. */
export type HistoricOperation = Pick<OperationView, 'kind' | 'target'>;

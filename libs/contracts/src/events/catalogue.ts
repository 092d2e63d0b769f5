import { controlPlaneEvents, type ControlPlaneEvent } from './alerts.ts';
import { buildEvents, type BuildEvent } from './builds.ts';
import { bulkEvents, type BulkEvent } from './bulk.ts';
import { clientEvents, reservationEvents, type ClientEvent, type ReservationEvent } from './clients.ts';
import { credentialsEvents, type CredentialsEvent } from './credentials.ts';
import { mailEvents, type MailEvent } from './mails.ts';
import { noticeEvents, type NoticeEvent } from './notices.ts';
import { operationEvents, type OperationEvent } from './operations.ts';
import { passwordLinkEvents, type PasswordLinkEvent } from './password-links.ts';
import { placementEvents, type PlacementEvent } from './placement.ts';
import { repositoryEvents, type RepositoryEvent } from './repository.ts';
import { sshKeyEvents, type SshKeyEvent } from './ssh-keys.ts';
import { serverEvents, type ServerEvent } from './servers.ts';
import { webhookEvents, type WebhookEvent } from './webhooks.ts';

/** Every event type with the JSON Schema of its data, in its newest shape. */
export const eventCatalogue = {
  ...serverEvents,
  ...clientEvents,
  ...reservationEvents,
  ...operationEvents,
  ...bulkEvents,
  ...placementEvents,
  ...credentialsEvents,
  ...controlPlaneEvents,
  ...sshKeyEvents,
  ...repositoryEvents,
  ...mailEvents,
  ...passwordLinkEvents,
  ...webhookEvents,
  ...noticeEvents,
  ...buildEvents,
};

export type AlfaEvent =
  | ServerEvent
  | ClientEvent
  | ReservationEvent
  | OperationEvent
  | BulkEvent
  | PlacementEvent
  | CredentialsEvent
  | ControlPlaneEvent
  | SshKeyEvent
  | RepositoryEvent
  | MailEvent
  | PasswordLinkEvent
  | WebhookEvent
  | NoticeEvent
  | BuildEvent;
export type EventType = AlfaEvent['type'];

import type { EventType } from '@alfa-cloud/contracts';

/** What an event is about, and so which tables it changes. */
export type Aggregate =
  | 'server'
  | 'client'
  | 'operation'
  | 'bulk'
  | 'reservation'
  | 'placement'
  | 'credentials'
  | 'control-plane'
  | 'ssh-key'
  | 'repository'
  | 'mail'
  | 'password-link'
  | 'webhook'
  | 'notice';

/** The projection of each event type. A new type does not compile until it is added here. */
const aggregates: { readonly [Type in EventType]: Aggregate } = {
  ServerRegistered: 'server',
  ServerBecameReady: 'server',
  ServerPreparationFailed: 'server',
  ServerPreparationBegun: 'server',
  ServerChanged: 'server',
  ServerHostKeyPinned: 'server',
  ServerHostKeyRefused: 'server',
  ServerHostKeyAccepted: 'server',
  ServerHealthChanged: 'server',
  ServerMended: 'server',
  ServerAlertRaised: 'server',
  ServerAlertCleared: 'server',
  ServerRebootBegun: 'server',
  ServerDrained: 'server',
  ServerRebooted: 'server',
  ServerRebootFailed: 'server',
  ServerDrainingBegun: 'server',
  ServerDrainingEnded: 'server',
  ServerRemoved: 'server',
  ClientCreationRequested: 'client',
  ClientCreated: 'client',
  ClientCreationFailed: 'client',
  ClientOperationBegun: 'client',
  ClientOperationEnded: 'client',
  ClientExpireDateChanged: 'client',
  ClientMaintenanceEnabled: 'client',
  ClientMaintenanceDisabled: 'client',
  ClientDemoEnabled: 'client',
  ClientDemoDisabled: 'client',
  ClientOwnerPasswordChanged: 'client',
  ClientUsersCounted: 'client',
  ClientRebooted: 'client',
  ClientChanged: 'client',
  ClientCloudSettingsChanged: 'client',
  ClientCloudSettingsMended: 'client',
  ClientVirtualHostMended: 'client',
  ClientImageSwitched: 'client',
  ClientContainerReplaced: 'client',
  ClientMigrated: 'client',
  ClientBackedUp: 'client',
  ClientBackupMoved: 'client',
  ClientBackupRemoved: 'client',
  ClientRestored: 'client',
  ClientMoved: 'client',
  ClientMoveUndone: 'client',
  ClientMoveReleased: 'client',
  ClientCopied: 'client',
  ClientRefreshed: 'client',
  ClientDeleted: 'client',
  ClientAvailabilityChanged: 'client',
  NameReserved: 'reservation',
  NameReleased: 'reservation',
  PlacesOpened: 'placement',
  PlacesCounted: 'placement',
  PlaceReserved: 'placement',
  PlaceFreed: 'placement',
  PlacesClosed: 'placement',
  AdminCredentialsChanged: 'credentials',
  ControlPlaneAlertRaised: 'control-plane',
  ControlPlaneAlertCleared: 'control-plane',
  SshKeyMade: 'ssh-key',
  RepositorySet: 'repository',
  RepositoryHostKeyAccepted: 'repository',
  MailRequested: 'mail',
  MailAttempted: 'mail',
  MailSent: 'mail',
  MailFailed: 'mail',
  MailGivenUp: 'mail',
  MailRetryRequested: 'mail',
  PasswordLinkIssued: 'password-link',
  PasswordLinkOpened: 'password-link',
  WebhookSet: 'webhook',
  WebhookRemoved: 'webhook',
  NoticeRequested: 'notice',
  NoticeAttempted: 'notice',
  NoticeDelivered: 'notice',
  NoticeFailed: 'notice',
  NoticeGivenUp: 'notice',
  NoticeReplayRequested: 'notice',
  BulkOperationBegun: 'bulk',
  BulkOperationEnded: 'bulk',
  OperationAccepted: 'operation',
  OperationChildrenPlanned: 'operation',
  OperationRejected: 'operation',
  OperationClaimed: 'operation',
  OperationStepStarted: 'operation',
  OperationStepCompleted: 'operation',
  OperationStepFailed: 'operation',
  OperationOutputWritten: 'operation',
  OperationCancelRequested: 'operation',
  OperationCompensationStarted: 'operation',
  OperationStepCompensated: 'operation',
  OperationStepCompensationFailed: 'operation',
  OperationSucceeded: 'operation',
  OperationFailed: 'operation',
  OperationCancelled: 'operation',
};
const aggregateByType: ReadonlyMap<string, Aggregate> = new Map(Object.entries(aggregates));

/** Undefined for a type that this version does not know. */
export const aggregateOf = (type: string): Aggregate | undefined => aggregateByType.get(type);

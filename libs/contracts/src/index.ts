/**
 * The language of Alfa Cloud: what services say to each other, once.
 *
 * Glossary
 * - server: a machine with a Docker Engine on which clients live (a "cloud server").
 * - client: one customer laboratory: container, database, virtual host, storage and the date until which it may be used.
 * - jump host: the machine through which alone a server can be reached over ssh.
 * - slug: the client's technical name; unique over all servers, part of every name made for it.
 * - image: a Docker image of the client application.
 * - command: a request to change something, imperative (`CreateClient`); accepted or rejected once, by one service.
 * - event: a fact, past tense (`ClientCreated`); stored for good, never changed.
 * - stream: the events of one thing in their order; its last revision is what a writer must expect.
 * - bulk operation: a parent that runs one operation on each of many clients, the canary first and then in waves.
 * - backup: a verified copy of a client's database and storage, kept on its server until a date.
 * - operation: a long action made of steps, with a log and one end: ok, error or cancelled.
 * - step: probe (is it done already?), act (do it), verify (see it); may have a compensation (take it back).
 * - position: number of an event in the order of all events; a query that carries it sees at least all events up to it.
 * - view / read model: what queries answer, built from events alone, rebuildable at any time.
 * - sealed: encrypted with a key that can be destroyed; the only form in which secrets and personal data are stored.
 * - fault: one thing wrong with a request, with code and place; a rejection carries one or more.
 */
export {
  commandCatalogue,
  type CommandData,
  type CommandName,
  type CommandNameOf,
} from './commands/catalogue.ts';
export {
  BackupKind,
  ClientIds,
  BackupWarning,
  ChangeClient,
  ClientAttributes,
  ClientChanges,
  CloudSettingsChanges,
  CreateClient,
  ExpireDateAttributes,
  MaintenanceAttributes,
  OwnerPasswordAttributes,
  PersonalChanges,
  PersonalData,
  RestoreAttributes,
} from './attributes/clients.ts';
export { CopyAttributes, maskingSqlMax } from './attributes/copies.ts';
export { AdminLogin, AdminPasswordAttributes, ChangeAdminCredentials } from './attributes/credentials.ts';
export {
  MailOrigin,
  mailOrigins,
  MailTemplate,
  mailTemplates,
  type MailTransportKind,
} from './attributes/mails.ts';
export {
  type NoticeRecipient,
  type NoticeType,
  noticeTypes,
  shownWebhookUrl,
  subscribedTypes,
  WebhookAttributes,
  WebhookChanges,
} from './attributes/webhooks.ts';
export {
  RecordedRepository,
  RepositoryAccess,
  RepositoryChanges,
  RepositoryCheckAttributes,
  SwitchRule,
} from './attributes/repository.ts';
export { CommandEnvelope, type Command, type CommandReply } from './commands/envelope.ts';
export { madeId, type Made, type Receipt } from './commands/receipt.ts';
export { CancelOperation, RetryOperation } from './commands/operations.ts';
export {
  ChangeServer,
  Connection,
  ConnectionInput,
  withoutCredentials,
  withHostKey,
  type HostKeyOwner,
  type Login,
  type LoginInput,
  type ShownConnection,
  type SshConnection,
  RegisterServer,
  HostKeyAttributes,
  ServerAttributes,
  SshKeyAttributes,
  ServerChanges,
  ServerRole,
} from './attributes/servers.ts';
export { AlertCode, alertCodes, type ControlPlaneEvent, type RaisedAlert } from './events/alerts.ts';
export { type BulkEvent } from './events/bulk.ts';
export { asciiDomain, asciiEmail, unicodeDomain, unicodeEmail } from './values/domain-names.ts';
export { eventCatalogue, type AlfaEvent, type EventType } from './events/catalogue.ts';
export { type ClientEvent, type ReservationEvent } from './events/clients.ts';
export { type CredentialsEvent } from './events/credentials.ts';
export { type PlacementEvent } from './events/placement.ts';
export { type SshKeyEvent } from './events/ssh-keys.ts';
export { type RepositoryEvent } from './events/repository.ts';
export { BranchRole, type BuildEvent, type BuildPlace, type BuiltCommit } from './events/builds.ts';
export { type MailEvent } from './events/mails.ts';
export { type NoticeEvent } from './events/notices.ts';
export { type WebhookEvent } from './events/webhooks.ts';
export { type PasswordLinkEvent } from './events/password-links.ts';
export { EventMetadata } from './events/metadata.ts';
export {
  type FailureCause,
  type OperationEvent,
  type OperationTarget,
  type TransferProgress,
  type StepOutcome,
} from './events/operations.ts';
export { OperationKind } from './events/operation-kind.ts';
export {
  type HealthReason,
  type RecordedHealth,
  type ServerEvent,
  ServerCheck,
  ServerFacts,
} from './events/servers.ts';
export {
  currentSchemaVersion,
  upcast,
  upcasters,
  type Upcaster,
  type UpcasterTable,
} from './events/upcasters.ts';
export {
  Fault,
  faultCatalogue,
  isRejection,
  reject,
  Rejection,
  told,
  detailsOf,
  messageTold,
  detailInWords,
  type FaultCode,
  type FaultKind,
} from './faults/faults.ts';
export { deriveId, mailIdOf, newId, operationOfCommand, passwordLinkIdOf } from './values/ids.ts';
export {
  CalendarDate,
  defaultLimits,
  defaultRequestLimits,
  DomainName,
  effectiveRequestLimits,
  Id,
  ImageReference,
  Instant,
  Limits,
  Locale,
  patterned,
  RequestLimits,
  searchText,
  Slug,
  slugMax,
} from './values/primitives.ts';
export {
  queryCatalogue,
  type BulkRequest,
  type ClientSortField,
  type GetMonitoringHistory,
  type ListAlerts,
  type ListClients,
  type ListHistory,
  type ListMails,
  type ListNotices,
  type ListOperations,
  type Queries,
  type QueryName,
} from './queries/catalogue.ts';
export type { ImageSortField, ListBuilds, ListImages } from './queries/list-images.ts';
export type { Page, PageRequest } from './queries/page.ts';
export { BulkPace, defaultPace, type BulkDescriptor } from './operations/bulk-operation.ts';
export {
  type AfterFailure,
  type DataOf,
  type Descriptor,
  type Meanwhile,
  type OperationSubject,
  type Retry,
  type StepOf,
} from './operations/descriptor.ts';
export {
  actionMethods,
  type HttpRequest,
  type Method,
  type RequestDocument,
} from './operations/http-request.ts';
export * from './operations/index.ts';
export {
  bulkKinds,
  bulkOf,
  bulkOperations,
  operationOf,
  operations,
  type BulkKind,
  type BulkOperations,
  type ClientOperations,
  type Complete,
  type Operation,
  type OperationOf,
  type OperationsOf,
  type ServerOperations,
} from './operations/kinds.ts';
export { stepTitle, titleAskedFor, titleOf } from './operations/titles.ts';
export { alertTitle } from './history/alert-titles.ts';
export { historySummary } from './views/history-summary.ts';
export { inWords, say, type Sentence, type SentenceCode } from './history/sentence.ts';
export { message, Message, messageInWords, type MessageValue } from './words/message.ts';
export {
  joined,
  mapTexts,
  messageOf,
  type Reason,
  reasonInWords,
  reasonOf,
  withReasonInWords,
  wordsOf,
} from './words/reason.ts';
export { messagesRu } from './words/messages.ru.ts';
export { defaultLanguage, type Language, languages, type Words } from './words/words.ts';
export { type ServiceName } from './values/service-name.ts';
export { streams, type ReservationScope } from './streams.ts';
export {
  ATTEMPTS_STREAM,
  COMMANDS_STREAM,
  CREDENTIALS_BUCKET,
  KEYS_BUCKET,
  receiptRetentionMs,
  RECEIPTS_STREAM,
  replyRetentionMs,
  REPLIES_STREAM,
  subjects,
} from './subjects.ts';
export { conforms, faultsOf } from './faults/validation.ts';
export * from './views/alert-views.ts';
export * from './views/build-views.ts';
export * from './views/change-views.ts';
export * from './views/cleanup-views.ts';
export * from './views/client-views.ts';
export * from './views/history-views.ts';
export * from './views/image-views.ts';
export * from './views/mail-views.ts';
export { type MetaMember, metaMembers, type MetaOf } from './views/meta.ts';
export * from './views/monitoring-views.ts';
export * from './views/notice-views.ts';
export * from './views/observations.ts';
export * from './views/of-client-views.ts';
export * from './views/operation-views.ts';
export * from './views/password-link-views.ts';
export * from './views/plan-views.ts';
export { presentClient, type ShownClient } from './views/present-client.ts';
export { type ResourceIdentifier, toMany, toOne } from './views/relationship.ts';
export * from './views/repository-views.ts';
export {
  type AttributesOf,
  fieldsOf,
  type RelationshipRule,
  type ResourceDefinition,
  type ResourceOf,
  resourceSchema,
} from './views/resource.ts';
export { type ResourceAttributes, resourceOf, resources, type ResourceType } from './views/resources.ts';
export { serverStateOf, type ServerStateName } from './views/server-state.ts';
export * from './views/server-views.ts';

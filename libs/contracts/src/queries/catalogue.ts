import type { MailOrigin, MailTemplate } from '../attributes/mails.ts';
import type { NoticeRecipient } from '../attributes/webhooks.ts';
import type { AlertCode } from '../events/alerts.ts';
import type { DataOf } from '../operations/descriptor.ts';
import type { BulkKind, OperationOf } from '../operations/kinds.ts';
import type { Locale } from '../values/primitives.ts';
import type { Language } from '../words/words.ts';
import type { ServiceName } from '../values/service-name.ts';
import type { ClientView } from '../views/client-views.ts';
import type {
  BackupView,
  CloudSettingsView,
  ContainerLogView,
  ExpireDateChange,
} from '../views/of-client-views.ts';
import type { BulkPlanView, CopyPlanView, MovePlan } from '../views/plan-views.ts';
import type { HistoryEntry } from '../views/history-views.ts';
import type { CreateLogView, LogPage, OperationStatus, OperationView } from '../views/operation-views.ts';
import type { ChangesView } from '../views/change-views.ts';
import type { BuildChangesView, BuildView } from '../views/build-views.ts';
import type { CleanupPlanView } from '../views/cleanup-views.ts';
import type { AlertView } from '../views/alert-views.ts';
import type { MailPreview, MailStatus, MailView } from '../views/mail-views.ts';
import type { PasswordLinkView } from '../views/password-link-views.ts';
import type { NoticeStatus, NoticeView, WebhookView } from '../views/notice-views.ts';
import type { MonitoringHistory, ServerMonitoring } from '../views/monitoring-views.ts';
import type { ListBuilds, ListImages } from './list-images.ts';
import type { Page, PageRequest } from './page.ts';
import type { GitHookView, RepositoryView } from '../views/repository-views.ts';
import type { ImageView, ServerImage } from '../views/image-views.ts';
import type { ServerLink, ServerView, SshKeyView } from '../views/server-views.ts';

export type ClientSortField = 'name' | 'slug' | 'createdAt' | 'expireDate' | 'status';

export interface ListClients {
  page: PageRequest;
  sort: { field: ClientSortField; descending: boolean }[];
  filter: {
    status?: ClientView['status'];
    serverId?: string;
    available?: boolean | null;
    image?: string;
    /** Whose name of its image means another image on its server by now; false: of which it is known that it does not. */
    imageOutdated?: boolean;
    /** Copies of this client; `any`: copies of whichever client, `none`: clients that are no copies. */
    copyOf?: string;
    /** Clients whose last day lies before this one. */
    expiresBefore?: string;
    /** Text anywhere in name, slug or e-mail, whatever the case. */
    search?: string;
    /** Of which another server keeps something. */
    held?: true;
  };
  /** Also answer the servers of the clients found. */
  includeServers: boolean;
  /**
   * In which language the clients are answered as the JSON text of an array of their resources, in UTF-8, beside the result; `items` is empty then.
   * Default: they are answered as views.
   */
  textIn?: Language;
}

export interface ListOperations {
  page: PageRequest;
  filter: { status?: OperationStatus; kind?: string; targetId?: string; parentId?: string };
}

/** Newest first. */
export interface ListHistory {
  page: PageRequest;
  /**
   * `operations`: one entry for all events of an operation, where the first of them stands. `all`: every event by itself.
   * Default: `all` where `filter.kind` is the type of an event, else `operations`.
   */
  events?: 'operations' | 'all';
  filter: {
    targetType?: 'server' | 'client';
    targetId?: string;
    actor?: string;
    /** Type of an event (with `operations`: those operations in which it happened), or kind of an operation. */
    kind?: string;
    operationId?: string;
    /** Entries at or after this instant, RFC 3339. */
    from?: string;
    /** Entries before this instant, RFC 3339. */
    to?: string;
  };
}

/** Newest first. */
export interface ListAlerts {
  page: PageRequest;
  /** `open`: those that are raised; `past`: those that were. */
  state: 'open' | 'past' | 'all';
  filter: { serverId?: string; code?: AlertCode };
}

/** Newest first; with `dueBy` the longest due first. */
export interface ListMails {
  page: PageRequest;
  filter: {
    clientId?: string;
    status?: MailStatus;
    template?: MailTemplate;
    origin?: MailOrigin;
    /** RFC 3339: only mails that may be attempted at that moment. */
    dueBy?: string;
    /**
     * With `dueBy`: also mails that their clients were created with and that nobody has requested yet (`attempts` 0), if the client became ready
     * at or after this moment, RFC 3339. Without it they are left out, as from every other list.
     */
    createdSince?: string;
  };
}

/** Newest first; with `dueBy` the longest due first. */
export interface ListNotices {
  page: PageRequest;
  filter: {
    /** Of a webhook, or of one of the administrator's addresses. */
    recipientId?: string;
    recipientKind?: NoticeRecipient['kind'];
    status?: NoticeStatus;
    /** RFC 3339: only those that may be attempted at that moment. */
    dueBy?: string;
  };
}

/** Samples of a server and its disks, or of one client there. */
export interface GetMonitoringHistory {
  id: string;
  /** RFC 3339. Default: an hour before `to`, which is now by default. */
  from?: string;
  to?: string;
  /** Default: such that the answer has at most 300 steps. */
  stepSeconds?: number;
  clientId?: string;
}

/** A bulk command as it would be sent. */
export type BulkRequest = { [Kind in BulkKind]: { kind: Kind; data: DataOf<OperationOf<Kind>> } }[BulkKind];

/** Parameters and result of every query, by name. A query that finds nothing is rejected with `not_found`. */
export interface Queries {
  ListServers: { request: { active: 'active' | 'all' }; result: { items: ServerView[] } };
  GetServer: { request: { id: string }; result: ServerView };
  ListClients: { request: ListClients; result: Page<ClientView> & { servers: ServerView[] } };
  /**
   * `asOf` (RFC 3339): the client as it was then, availability unknown; `not_found` when it was not there yet.
   * A deleted client is rejected with `gone`, with `asOf` only if it was deleted then already.
   */
  GetClient: {
    request: { id: string; asOf?: string };
    result: ClientView & { server: ServerView | null };
  };
  GetCreateLog: { request: { clientId: string; after: string | null }; result: CreateLogView };
  ListOperations: { request: ListOperations; result: Page<OperationView> };
  GetOperation: { request: { id: string }; result: OperationView };
  GetOperationLog: { request: { id: string; after: string | null }; result: LogPage };
  /** Rejected with `not_found` when `targetId` names nothing known. */
  ListHistory: { request: ListHistory; result: Page<HistoryEntry> };
  /** Newest first. */
  ListExpireDateChanges: { request: { clientId: string; page: PageRequest }; result: Page<ExpireDateChange> };
  /** Newest first; also of deleted clients. `expiredBy` (RFC 3339): only those that may be removed at that moment; `backupId`: only this one. */
  ListBackups: {
    request: {
      clientId: string | null;
      include: 'present' | 'all';
      expiredBy?: string;
      backupId?: string;
      page: PageRequest;
    };
    result: Page<BackupView>;
  };
  ListAlerts: { request: ListAlerts; result: Page<AlertView> };
  /** Rejected with `not_found` for a client that is not known. */
  ListMails: { request: ListMails; result: Page<MailView> };
  GetMail: { request: { id: string }; result: MailView };
  /** The mail as the client would get it now, in its language. */
  /** `locale`: default that of the client. */
  PreviewMail: {
    request: { clientId: string; template: MailTemplate; locale?: Locale };
    result: MailPreview;
  };
  ListWebhooks: { request: Record<string, never>; result: { items: WebhookView[] } };
  GetWebhook: { request: { id: string }; result: WebhookView };
  ListNotices: { request: ListNotices; result: Page<NoticeView> };
  GetNotice: { request: { id: string }; result: NoticeView };
  /** Looks at a link without opening it. `linkId` as `passwordLinkIdOf`. */
  GetPasswordLink: { request: { linkId: string }; result: PasswordLinkView };
  /**
   * Opens a link, once. Sent again under the same `showingId` it has the same answer for ten minutes, while the password is the same. `shown`: `ShownPassword` as JSON, sealed with the transport
   * key; null unless the link was opened by this request, and then `status` says why.
   */
  OpenPasswordLink: {
    request: { linkId: string; showingId: string; correlationId: string };
    result: PasswordLinkView & { shown: string | null };
  };
  /** As seen on each server last, a day ago at most. */
  ListImages: { request: ListImages; result: Page<ImageView> };
  ListBuilds: { request: ListBuilds; result: Page<BuildView> };
  GetBuild: { request: { id: string }; result: BuildView };
  /** `after`: a cursor of such an answer; null: none, the answer has where to begin. At most about `size` changes, 1 to 1000. */
  ListChanges: { request: { after: string | null; size: number }; result: ChangesView };
  /**
   * `since`: default the last build before it of its branch that has come to an image. Rejected with `not_found`, `unavailable`.
   */
  GetBuildChanges: { request: { id: string; since?: string }; result: BuildChangesView };
  /** Rejected with `server_unreachable` when the database can't be asked. */
  GetCloudSettings: { request: { clientId: string }; result: CloudSettingsView };
  /** The last `tail` lines (1 to 1000), or what came after a cursor. */
  GetContainerLog: {
    request: { clientId: string; tail: number; after: string | null };
    result: ContainerLogView;
  };
  PlanBulk: { request: BulkRequest; result: BulkPlanView };
  /** Of the first 100 clients that are named, or that live on a server. Measures each of them. */
  PlanMoves: {
    request: { clientIds?: string[]; serverId?: string; targetServer: string };
    result: { items: MovePlan[]; total: number };
  };
  /** What a copy would do and what speaks against it. Rejected with `not_found` or `gone` when there is no such client. */
  PlanCopy: { request: { clientId: string; targetServer: string; slug?: string }; result: CopyPlanView };
  /** Null for a server that is reached without ssh. */
  GetServerLink: { request: { id: string }; result: ServerLink | null };
  ListSshKeys: { request: Record<string, never>; result: { items: SshKeyView[] } };
  GetSshKey: { request: { id: string }; result: SshKeyView };
  /** Rejected with `not_found` when none is set. */
  GetRepository: { request: Record<string, never>; result: RepositoryView };
  /** What a clean-up of the server would do now. Rejected with `not_found`, `server_unreachable`, `unavailable`. */
  PlanCleanup: { request: { serverId: string }; result: CleanupPlanView };
  /** What tells a push. `secret`: sealed with the transport key; null: no repository is set, or it has none. */
  GetGitHook: { request: Record<string, never>; result: GitHookView };
  GetServerImages: { request: { id: string }; result: { items: ServerImage[] } };
  /** Measured now; with `newest` the newest sample that there is, measured now only without one. Rejected with `gone` after the server's removal. */
  GetServerMonitoring: { request: { id: string; newest?: boolean }; result: ServerMonitoring };
  GetMonitoringHistory: { request: GetMonitoringHistory; result: MonitoringHistory };
}

export type QueryName = keyof Queries;

/** Which service answers a query. Read models: projector. What is measured on the server at the moment of asking: provisioner. */
export const queryCatalogue: { readonly [Name in QueryName]: { readonly service: ServiceName } } = {
  ListServers: { service: 'projector' },
  GetServer: { service: 'projector' },
  ListClients: { service: 'projector' },
  GetClient: { service: 'projector' },
  GetCreateLog: { service: 'projector' },
  ListOperations: { service: 'projector' },
  GetOperation: { service: 'projector' },
  GetOperationLog: { service: 'projector' },
  ListHistory: { service: 'projector' },
  ListExpireDateChanges: { service: 'projector' },
  ListBackups: { service: 'projector' },
  ListAlerts: { service: 'projector' },
  ListMails: { service: 'projector' },
  GetMail: { service: 'projector' },
  PreviewMail: { service: 'notifier' },
  ListWebhooks: { service: 'notifier' },
  GetWebhook: { service: 'notifier' },
  ListNotices: { service: 'projector' },
  GetNotice: { service: 'projector' },
  GetPasswordLink: { service: 'notifier' },
  OpenPasswordLink: { service: 'notifier' },
  ListImages: { service: 'projector' },
  ListBuilds: { service: 'projector' },
  GetBuild: { service: 'projector' },
  ListChanges: { service: 'projector' },
  GetBuildChanges: { service: 'builder' },
  GetCloudSettings: { service: 'provisioner' },
  GetContainerLog: { service: 'provisioner' },
  PlanBulk: { service: 'provisioner' },
  PlanMoves: { service: 'provisioner' },
  PlanCopy: { service: 'provisioner' },
  GetServerLink: { service: 'provisioner' },
  ListSshKeys: { service: 'provisioner' },
  GetSshKey: { service: 'provisioner' },
  GetRepository: { service: 'builder' },
  PlanCleanup: { service: 'builder' },
  GetGitHook: { service: 'builder' },
  GetServerImages: { service: 'provisioner' },
  GetServerMonitoring: { service: 'provisioner' },
  GetMonitoringHistory: { service: 'provisioner' },
};

import type {
  AlertView,
  BuildPlace,
  BuildView,
  ClientView,
  ImageView,
  MailView,
  MonitoringHistory,
  NoticeView,
  OperationView,
  ServerImage,
  ServerLink,
  ServerMonitoring,
  ServerStateName,
  ServerView,
  ShownConnection,
  SshKeyView,
  StepView,
  WebhookView,
} from '@alfa-cloud/contracts';
import type { Resource } from './request.ts';

export type ClientResource = Resource<
  Omit<ClientView, 'id' | 'serverId' | 'serverLimits' | 'placement' | 'cloud' | 'operationId'> & {
    aliasesAscii: string[];
  }
>;

type ToldConnection = Extract<ShownConnection, { kind: 'ssh' }> & { hostKeyFingerprint: string | null };

export type ServerResource = Resource<
  Omit<ServerView, 'id' | 'connection' | 'operationId' | 'alerts'> & {
    state: ServerStateName;
    connection: { kind: 'local' } | ToldConnection;
    alerts: (AlertResource['attributes'] & { id: string })[];
  }
>;

/** What comes with one server. */
export interface ServerMeta {
  monitoring?: ServerMonitoring;
  link?: ServerLink | null;
}

export type MonitoringResource = Resource<MonitoringHistory & { current: ServerMonitoring }>;

export type ServerImageResource = Resource<Omit<ServerImage, 'id' | 'clientIds'>>;

export type SshKeyResource = Resource<Omit<SshKeyView, 'id'>>;

export type OperationStep = StepView & { title: string };

export type OperationResource = Resource<
  Omit<OperationView, 'id' | 'target' | 'parentId' | 'retryOf' | 'steps'> & {
    title: string;
    steps: OperationStep[];
  }
>;

export type AlertResource = Resource<
  Pick<AlertView, 'code' | 'about' | 'since' | 'raisedAt' | 'clearedAt'> & { title: string; detail: string }
>;

export type ImageResource = Resource<
  Omit<ImageView, 'id' | 'servers' | 'clientIds'> & { presence: ImageView['servers'] }
>;

export type BuildResource = Resource<
  Omit<BuildView, 'id' | 'servers' | 'serverId' | 'reusedFrom'> & { places: BuildPlace[] }
>;

export type MailResource = Resource<Omit<MailView, 'id' | 'clientId' | 'operationId'>>;

export type WebhookResource = Resource<Omit<WebhookView, 'id'>>;

export type DeliveryResource = Resource<
  Omit<NoticeView, 'id' | 'recipient' | 'type'> & { event: NoticeView['type']; to: 'webhook' | 'mail' }
>;

import type {
  AlertView,
  ClientView,
  MonitoringHistory,
  OperationView,
  ServerImage,
  ServerLink,
  ServerMonitoring,
  ServerStateName,
  ServerView,
  ShownConnection,
  SshKeyView,
  StepView,
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

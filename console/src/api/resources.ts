import type { AnswerOf, Resource } from '@alfa-cloud/client';

export type ClientResource = Resource<'clients'>;
export type ServerResource = Resource<'servers'>;
export type MonitoringResource = Resource<'monitoring'>;
export type ServerImageResource = Resource<'images'>;
export type SshKeyResource = Resource<'ssh-keys'>;
export type OperationResource = Resource<'operations'>;
export type OperationStep = OperationResource['steps'][number];
export type AlertResource = Resource<'alerts'>;
export type ImageResource = Resource<'image-overviews'>;
export type BuildResource = Resource<'builds'>;
export type MailResource = Resource<'mails'>;
export type WebhookResource = Resource<'webhooks'>;
export type DeliveryResource = Resource<'deliveries'>;
export type HistoryEntryResource = Resource<'history-entries'>;
export type BackupResource = Resource<'backups'>;

/** What comes with one server. */
export type ServerMeta = Partial<AnswerOf<'GET', '/servers/{id}'>['meta']>;

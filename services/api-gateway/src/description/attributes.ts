import type {
  BackupView,
  BulkPlanView,
  CloudSettingsView,
  ContainerLogView,
  CopyPlanView,
  CreateLogView,
  ExpireDateChange,
  HistoryEntry,
  LogPage,
  MailPreview,
  OperationView,
  ServerImage,
} from '@alfa-cloud/contracts';
import { alertFields } from '../alerts/present-alert.ts';
import { buildChangesFields, buildFields } from '../builds/present-build.ts';
import { cleanupPlanFields } from '../servers/cleanup-routes.ts';
import { mailFields } from '../mails/present-mail.ts';
import { imageOverviewFields } from '../servers/image-routes.ts';
import { repositoryFields } from '../repository/routes.ts';
import { sshKeyFields } from '../servers/key-routes.ts';
import { clientFields } from '../clients/present-client.ts';
import { monitoringFields } from '../servers/present-monitoring.ts';
import { deliveryFields, webhookFields } from '../webhooks/present-webhook.ts';
import { serverFields } from '../servers/present-server.ts';

const operations = [
  'kind',
  'title',
  'status',
  'steps',
  'error',
  'leftovers',
  'result',
  'progress',
  'waiting',
  'transfer',
  'parameters',
  'actor',
  'correlationId',
  'acceptedAt',
  'finishedAt',
] as const satisfies (keyof OperationView | 'title')[];

const operationLogs = ['status', 'entries', 'transfer'] as const satisfies (keyof LogPage)[];

const createLogs = [
  'completed',
  'status',
  'error',
  'steps',
  'entries',
  'transfer',
] as const satisfies (keyof CreateLogView)[];

const backups = [
  'kind',
  'image',
  'createdAt',
  'keepUntil',
  'removedAt',
  'database',
  'storage',
  'warnings',
] as const satisfies (keyof BackupView)[];

const cloudSettings = [
  'maintenance',
  'maintenanceMessage',
  'expiresAt',
  'quickStart',
  'tutorial',
  'updatedAt',
  'drift',
] as const satisfies (keyof CloudSettingsView)[];

const bulkPlans = [
  'clients',
  'total',
  'skipped',
  'skippedTotal',
  'obstacles',
  'awayServers',
  'canary',
  'waveSize',
  'stopAfter',
] as const satisfies (keyof BulkPlanView)[];

const copyPlans = [
  'serverId',
  'slug',
  'image',
  'replaces',
  'source',
  'obstacles',
] as const satisfies (keyof CopyPlanView)[];

const historyEntries = [
  'at',
  'actor',
  'kind',
  'summary',
  'reason',
  'status',
  'finishedAt',
  'durationMs',
  'result',
  'correlationId',
  'commandId',
] as const satisfies (keyof HistoryEntry | keyof NonNullable<HistoryEntry['operation']>)[];

const images = ['references', 'version', 'sizeBytes', 'createdAt'] as const satisfies (keyof ServerImage)[];
const expireDateChanges = [
  'from',
  'to',
  'reason',
  'actor',
  'at',
] as const satisfies (keyof ExpireDateChange)[];
const mailPreviews = ['subject', 'html', 'text', 'locale'] as const satisfies (keyof MailPreview)[];
const containerLogs = ['lines'] as const satisfies (keyof ContainerLogView)[];

const clientRelationships: readonly string[] = [
  'server',
  'copyOf',
  'copies',
  'operation',
  'runningOperation',
];

/** Names of the attributes that each type of resource is answered with. */
export const attributesOf: Readonly<Record<string, readonly string[]>> = {
  alerts: alertFields,
  backups,
  'bulk-plans': ['kind', ...bulkPlans],
  'cleanup-plans': cleanupPlanFields,
  clients: clientFields.filter((name) => !clientRelationships.includes(name)),
  'cloud-settings': cloudSettings,
  'container-logs': containerLogs,
  'copy-plans': copyPlans,
  'create-logs': createLogs,
  deliveries: deliveryFields,
  'expire-date-changes': expireDateChanges,
  'history-entries': historyEntries,
  'build-changes': buildChangesFields,
  builds: buildFields,
  'image-overviews': imageOverviewFields,
  images,
  monitoring: monitoringFields,
  'move-plans': ['targetServer', 'clients', 'total'],
  'mail-previews': mailPreviews,
  mails: mailFields,
  'operation-logs': operationLogs,
  operations,
  repositories: repositoryFields,
  'ssh-keys': sshKeyFields,
  servers: serverFields.filter((name) => name !== 'operation'),
  'users-counts': ['users', 'countedAt'],
  webhooks: webhookFields,
};

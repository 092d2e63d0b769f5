import { alertResource } from './alert-views.ts';
import { buildChangesResource, buildResource } from './build-views.ts';
import { cleanupPlanResource } from './cleanup-views.ts';
import { clientResource } from './client-views.ts';
import { historyEntryResource } from './history-views.ts';
import { imageOverviewResource, imageResource } from './image-views.ts';
import { mailPreviewResource, mailResource } from './mail-views.ts';
import { monitoringResource } from './monitoring-views.ts';
import { deliveryResource, webhookResource } from './notice-views.ts';
import {
  backupResource,
  cloudSettingsResource,
  containerLogResource,
  expireDateChangeResource,
  usersCountResource,
} from './of-client-views.ts';
import { createLogResource, operationLogResource, operationResource } from './operation-views.ts';
import { bulkPlanResource, copyPlanResource, movePlanResource } from './plan-views.ts';
import { repositoryResource } from './repository-views.ts';
import type { AttributesOf, ResourceDefinition } from './resource.ts';
import { serverResource, sshKeyResource } from './server-views.ts';

/** Every type of resource that the API answers with, by its name. */
export const resources = {
  servers: serverResource,
  'ssh-keys': sshKeyResource,
  monitoring: monitoringResource,
  images: imageResource,
  'image-overviews': imageOverviewResource,
  clients: clientResource,
  'create-logs': createLogResource,
  'cloud-settings': cloudSettingsResource,
  'expire-date-changes': expireDateChangeResource,
  'users-counts': usersCountResource,
  'container-logs': containerLogResource,
  backups: backupResource,
  operations: operationResource,
  'operation-logs': operationLogResource,
  'bulk-plans': bulkPlanResource,
  'copy-plans': copyPlanResource,
  'move-plans': movePlanResource,
  'cleanup-plans': cleanupPlanResource,
  'history-entries': historyEntryResource,
  alerts: alertResource,
  mails: mailResource,
  'mail-previews': mailPreviewResource,
  webhooks: webhookResource,
  deliveries: deliveryResource,
  repositories: repositoryResource,
  builds: buildResource,
  'build-changes': buildChangesResource,
} as const satisfies Record<string, ResourceDefinition>;

export type ResourceType = keyof typeof resources;

/** Attributes of a type of resource as they are answered, by its name. */
export type ResourceAttributes<Type extends ResourceType> = AttributesOf<(typeof resources)[Type]>;

/** What is declared of a type of resource; undefined for a name that no answer has. */
export const resourceOf = (type: string): ResourceDefinition | undefined =>
  Object.hasOwn(resources, type) ? resources[type as ResourceType] : undefined;

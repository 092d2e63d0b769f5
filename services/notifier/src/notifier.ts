import { createCommandService, type CommandServiceDeps, type HostedService } from '@alfa-cloud/service-host';
import type { NotifierConfig } from './config.ts';
import { handlers } from './handlers.ts';

/** Composition root of the notifier. */
export const createNotifier = (_config: NotifierConfig, deps: CommandServiceDeps): HostedService =>
  createCommandService('notifier', handlers, deps);

import { createCommandService, type CommandServiceDeps, type HostedService } from '@alfa-cloud/service-host';
import type { BuilderConfig } from './config.ts';
import { handlers } from './handlers.ts';

/** Composition root of the builder. */
export const createBuilder = (_config: BuilderConfig, deps: CommandServiceDeps): HostedService =>
  createCommandService('builder', handlers, deps);

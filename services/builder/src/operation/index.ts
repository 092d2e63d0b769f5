import { buildDev, buildProd, type Complete, type OperationsOf } from '@alfa-cloud/contracts';
import type { HandlersOf } from '@alfa-cloud/messaging';
import { createExecutor, operationHandler, type OperationObserver } from '@alfa-cloud/operations';
import type { Logger } from '@alfa-cloud/service-kit';
import { cleanUpServer } from '../cleanup/clean-up-server.ts';
import { buildImage } from './build-image.ts';
import type { BuildDeps } from './building.ts';

/** Every operation of the builder that has steps. */
const implementations = (deps: BuildDeps) =>
  ({
    'image.build_dev': buildImage(buildDev, 'dev', deps),
    'image.build_prod': buildImage(buildProd, 'prod', deps),
    'server.clean_up': cleanUpServer(deps),
  }) satisfies Complete<Extract<OperationsOf<'builder'>, { kind: `image.${string}` | `server.${string}` }>>;

export interface HandlersOptions {
  logger: Logger;
  /** Name of this process, for the log of operations. */
  worker: string;
  /** Builds at the same time on one server, by this process. */
  perServer: number;
  observer?: OperationObserver | undefined;
}

export const operationHandlers = (
  deps: BuildDeps,
  options: HandlersOptions,
): Pick<HandlersOf<'builder'>, 'BuildDev' | 'BuildProd' | 'CleanUpServer'> => {
  const { logger, worker, perServer, observer } = options;
  const { store } = deps;
  const execute = createExecutor({
    store,
    logger,
    worker,
    perServer,
    ...(observer === undefined ? {} : { observer }),
  });
  const of = implementations(deps);
  return {
    BuildDev: operationHandler<'BuildDev'>({ store, execute }, of['image.build_dev']),
    BuildProd: operationHandler<'BuildProd'>({ store, execute }, of['image.build_prod']),
    CleanUpServer: operationHandler<'CleanUpServer'>({ store, execute }, of['server.clean_up']),
  };
};

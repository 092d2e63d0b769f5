import { message } from '@alfa-cloud/contracts';
import { type HandlersOf, notSupportedYet } from '@alfa-cloud/messaging';
import { checkRepositoryHandler, setRepositoryHandler, type RepositoryDeps } from './repository/handlers.ts';

/** Every command of this service. */
export const commandHandlers = (deps: RepositoryDeps) =>
  ({
    BuildImage: notSupportedYet(message`Building images is not supported yet`),
    SetRepository: setRepositoryHandler(deps),
    CheckRepository: checkRepositoryHandler(deps),
  }) satisfies HandlersOf<'builder'>;

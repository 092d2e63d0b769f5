import { createLogger } from './logger.ts';
import type { Environment } from './config.ts';
import { errorMessage, errorName } from './errors.ts';
import { withDeadline } from './time.ts';

/** Something that runs until it is stopped. */
export interface Service {
  /** Resolves when it is ready to work. */
  start(): Promise<void>;
  /** Finishes or hands back work in flight, then releases all resources. May be called once. */
  stop(): Promise<void>;
}

/** Errors whose message tells the operator all; they are logged without a stack. */
const forOperators: readonly string[] = ['ConfigError', 'MasterKeyRefused', 'ReadModelsInUse'];

/** Deadline for stopping, after which the process exits anyway. */
const stopDeadlineMs = 25_000;

/**
 * Runs a service as this process until SIGTERM or SIGINT, then stops it gracefully.
 * Exit code 0 after a clean stop, 1 when it could not start, could not stop in time, or met an unhandled error.
 */
export const runService = async (
  name: string,
  create: (env: Environment) => Promise<Service>,
  env: Environment,
): Promise<void> => {
  const level = env['ALFA_LOG_LEVEL'];
  const logger = createLogger({ service: name, ...(level === undefined ? {} : { level }) });
  const fail = (message: string, error: unknown): void => {
    if (forOperators.includes(errorName(error) ?? '')) logger.fatal(errorMessage(error));
    else logger.fatal({ err: error }, message);
    process.exitCode = 1;
  };

  let service: Service;
  try {
    service = await create(env);
    await service.start();
  } catch (error) {
    fail('could not start', error);
    process.exit();
  }
  logger.info('started');

  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ why }, 'stopping');
    try {
      await withDeadline(stopDeadlineMs, 'stopping', () => service.stop());
      logger.info('stopped');
    } catch (error) {
      fail('could not stop cleanly', error);
    }
    // Exits even if a library has left a timer running.
    process.exit();
  };
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.once('SIGINT', () => void stop('SIGINT'));
  process.on('uncaughtException', (error) => {
    fail('uncaught exception', error);
    void stop('uncaught exception');
  });
};

export { ConfigError, readConfig, type ConfigReader, type Environment } from './config.ts';
export { readBusConfig, readEnginesConfig, type BusConfig, type EnginesConfig } from './engines.ts';
export { errorCode, errorMessage, errorName } from './errors.ts';
export { escapeHtml } from './escape-html.ts';
export { freePort } from './free-port.ts';
export {
  createHealth,
  type CheckResult,
  type Health,
  type HealthCheck,
  type HealthReport,
} from './health.ts';
export { KeyedSemaphore } from './keyed-semaphore.ts';
export { tryLockFile, type LockedFile } from './lock-file.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { startOperationsServer, type OperationsServer } from './operations-server.ts';
export { backoffMs, retry, type RetryOptions } from './retry.ts';
export { Semaphore } from './semaphore.ts';
export { runService, type Service } from './service.ts';
export { deleteSqliteFile, isSqliteDamage } from './sqlite-file.ts';
export { inTransaction } from './sqlite-transaction.ts';
export { DeadlineExceeded, sleep, systemClock, withDeadline, type Clock } from './time.ts';

import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { redacted } from './redaction.ts';

export type { Logger };

/**
 * One JSON line an entry on standard output, with `service`, `level` and `time` (RFC 3339).
 * Values under names of secrets are replaced, at any depth.
 * @param options.level default `info`
 * @param options.destination default standard output
 */
export const createLogger = (options: {
  service: string;
  level?: string;
  destination?: DestinationStream;
}): Logger => {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redacted },
      // The redaction below formats errors.
      serializers: { err: (error: unknown) => error },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
  // Pino does not format the bindings of child loggers, so they are redacted here, for children of children too.
  const child = Reflect.get(logger, 'child');
  logger.child = function (this: Logger, bindings: Bindings, childOptions?: ChildLoggerOptions) {
    return Reflect.apply(child, this, [redacted(bindings), childOptions]) as Logger;
  } as unknown as Logger['child'];
  return logger;
};

import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

/** Names under which a secret could stand in a logged object; their values are replaced. */
const secretNames = [
  'password',
  'ownerPassword',
  'currentPassword',
  'newPassword',
  'privateKey',
  'passphrase',
  'credentials',
  'authorization',
  'secrets',
  'personal',
  'masterKey',
  'hash',
];

/**
 * One JSON line an entry on standard output, with `service`, `level` and `time` (RFC 3339).
 * @param options.level default `info`
 * @param options.destination default standard output
 */
export const createLogger = (options: {
  service: string;
  level?: string;
  destination?: DestinationStream;
}): Logger =>
  pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );

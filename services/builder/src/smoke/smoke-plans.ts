import type { ContainerSpec, ImageFacts } from '@alfa-cloud/cloud-server';
import { label } from '@alfa-cloud/servers';
import type { SmokeConfig } from './smoke-config.ts';

/** All that a smoke test makes is called so. No client's container is: their names have at most one dot. */
export const smokePrefix = 'alfa.smoke.';

/**
 * Names of what one run of a smoke test makes. Two workers may be at the same operation for a moment, when one of them has been taken for dead:
 * what the second makes, the first does not take away.
 */
export const smokeNames = (operationId: string, run: string) => ({
  network: `${smokePrefix}${operationId}.${run}`,
  database: `${smokePrefix}database.${operationId}.${run}`,
  application: `${smokePrefix}application.${operationId}.${run}`,
});
export type SmokeNames = ReturnType<typeof smokeNames>;

export const smokeLabels = (operationId: string, serverId: string): Record<string, string> => ({
  [label.managed]: 'true',
  [label.server]: serverId,
  [label.operation]: operationId,
});

/** Under these names the two find each other in their network. */
export const smokeHosts = { database: 'database', application: 'application' } as const;
export const smokePort = 8000;

const becomeAnotherUser = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] as const;
const common = {
  noNewPrivileges: true,
  restart: 'no',
  mounts: [],
  ports: [],
  log: { maxSizeMb: 10, maxFiles: 1 },
} as const;

export interface SmokeSecrets {
  rootPassword: string;
  password: string;
  appKey: string;
}

/** A database that lives as long as the test. */
export const smokeDatabase = (
  names: SmokeNames,
  { databaseImage }: Pick<SmokeConfig, 'databaseImage'>,
  { rootPassword }: SmokeSecrets,
  labels: Record<string, string>,
): ContainerSpec => ({
  ...common,
  image: databaseImage,
  network: names.network,
  aliases: [smokeHosts.database],
  command: ['mariadbd', '--max-allowed-packet=1G'],
  env: { MARIADB_ROOT_PASSWORD: rootPassword, MARIADB_ROOT_HOST: 'localhost' },
  labels,
  capabilities: { drop: ['ALL'], add: becomeAnotherUser },
});

/** The application as a client would have it. */
export const smokeApplication = (
  names: SmokeNames,
  { image, database }: { image: ImageFacts; database: string },
  { limits }: Pick<SmokeConfig, 'limits'>,
  { password, appKey }: SmokeSecrets,
  labels: Record<string, string>,
): ContainerSpec => ({
  ...common,
  image: image.id,
  network: names.network,
  aliases: [smokeHosts.application],
  env: {
    PORT: String(smokePort),
    APP_NAME: 'Smoke test',
    APP_ENV: 'production',
    APP_DEBUG: 'false',
    APP_KEY: appKey,
    APP_URL: `http://${smokeHosts.application}:${smokePort}`,
    APP_LOCALE: 'en',
    DB_CONNECTION: 'mysql',
    DB_HOST: smokeHosts.database,
    DB_PORT: '3306',
    DB_DATABASE: database,
    DB_USERNAME: database,
    DB_PASSWORD: password,
    // It must do nothing to the world.
    MAIL_MAILER: 'array',
    MAIL_DRIVER: 'array',
    MAIL_HOST: '127.0.0.1',
    MAIL_PORT: '9',
    ALFA_QUEUE: 'off',
    ALFA_SCHEDULER: 'off',
  },
  labels,
  limits,
  capabilities: { drop: ['ALL'], add: /^(?:root|0)?(?::|$)/.test(image.user) ? becomeAnotherUser : [] },
});

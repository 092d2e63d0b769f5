import type { Locale } from '@alfa-cloud/contracts';
import { clientPort, serverNames, type ClientNames } from './names.ts';

/** Variables that the client application reads; docs/image-contract.md. */
export const clientEnvironment = (options: {
  names: ClientNames;
  address: string;
  name: string;
  locale: Locale;
  appKey: string;
  databasePassword: string;
  /** It is a copy on a stage server. */
  isCopy: boolean;
}): Record<string, string> => ({
  PORT: String(clientPort),
  APP_NAME: options.name,
  APP_ENV: options.isCopy ? 'staging' : 'production',
  APP_DEBUG: 'false',
  APP_KEY: options.appKey,
  APP_URL: options.address,
  APP_LOCALE: options.locale,
  DB_CONNECTION: 'mysql',
  DB_HOST: serverNames.database,
  DB_PORT: '3306',
  DB_DATABASE: options.names.database,
  DB_USERNAME: options.names.databaseUser,
  DB_PASSWORD: options.databasePassword,
  ...(options.isCopy ? silence : {}),
});

/**
 * Keeps a copy from doing anything to the world. Laravel's mailer `array` drops what is sent, where `log` would write it into the container's
 * output. An application that looks at none of the first two finds nobody at the host and port.
 */
const silence = {
  MAIL_MAILER: 'array',
  // Its name before Laravel 7.
  MAIL_DRIVER: 'array',
  MAIL_HOST: '127.0.0.1',
  MAIL_PORT: '9',
  ALFA_QUEUE: 'off',
  ALFA_SCHEDULER: 'off',
} as const;

/**
 * The variables as a file for `docker run --env-file`: a name, `=`, and the value as it is to the end of the line.
 * @throws Error for a value that does not fit in one line
 */
export const environmentText = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => {
      if (/[\r\n\0]/.test(value)) throw new Error(`The value of ${name} is more than one line`);
      return `${name}=${value}\n`;
    })
    .join('');

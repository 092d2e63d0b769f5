import {
  type BusConfig,
  ConfigError,
  type Environment,
  readBusConfig,
  readConfig,
} from '@alfa-cloud/service-kit';
import { createAddressList } from './access/address-list.ts';

/** What the gateway itself needs to know; the same whether it runs alone or with the others in one process. */
export interface GatewayConfig {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** CIDR blocks and addresses that requests may come from. */
  allowedAddresses: readonly string[];
  /** The same for deliveries of the git webhook. */
  hookAddresses: readonly string[];
  /** Origins of pages that may call, e.g. `https://mol.example.org`. */
  allowedOrigins: readonly string[];
  /** Proxies in front whose `X-Forwarded-For` is believed: their number, their addresses, or none. */
  trustProxy: false | number | readonly string[];
  /** Whether `/console` is served. */
  hasConsole: boolean;
  bodyLimitBytes: number;
  /** Longest wait for a command's answer once it is stored. */
  replyWaitMs: number;
  monitoringWaitMs: number;
  streamsMax: number;
  /** Most bytes, in UTF-8, that an owner's password may have. */
  ownerPasswordMaxBytes: number;
  /** Time that running requests get when the gateway stops. */
  stopGraceMs: number;
  firstCredentials: FirstCredentials;
}

/** Login and first password of the administrator; they matter only while no credentials are stored. */
export interface FirstCredentials {
  login: string;
  /** Absent: a random one is made. */
  password?: string;
  passwordFile?: string;
}

/**
 * Gateway's part of the environment.
 * @throws ConfigError naming every variable that is not valid
 */
export const readGatewayConfig = (env: Environment): GatewayConfig => {
  const config = readConfig(env, (read) => {
    const password = read.optionalString('ALFA_ADMIN_PASSWORD');
    const passwordFile = read.optionalString('ALFA_ADMIN_PASSWORD_FILE');
    const allowedAddresses = read.list('ALFA_ALLOWED_ADDRESSES', ['127.0.0.0/8', '::1']);
    const hookAddresses = read.list('ALFA_HOOK_ADDRESSES', []);
    return {
      host: read.string('ALFA_HTTP_HOST', '127.0.0.1'),
      port: read.integer('ALFA_HTTP_PORT', { default: 8080, min: 0, max: 65_535 }),
      allowedAddresses,
      hookAddresses: hookAddresses.length === 0 ? allowedAddresses : hookAddresses,
      allowedOrigins: read.list('ALFA_ALLOWED_ORIGINS', []),
      trustProxy: toTrustProxy(read.list('ALFA_TRUST_PROXY', [])),
      hasConsole: read.boolean('ALFA_CONSOLE', true),
      bodyLimitBytes: read.integer('ALFA_BODY_LIMIT_BYTES', { default: 262_144, min: 1024, max: 16_777_216 }),
      replyWaitMs: read.integer('ALFA_REPLY_WAIT_MS', { default: 3000, min: 0, max: 30_000 }),
      monitoringWaitMs: read.integer('ALFA_MONITORING_WAIT_MS', { default: 1500, min: 0, max: 30_000 }),
      streamsMax: read.integer('ALFA_LOG_STREAMS_MAX', { default: 256, min: 1, max: 10_000 }),
      // Not below the length of generated passwords, not above four bytes for each of the 200 characters that a password may have.
      ownerPasswordMaxBytes: read.integer('ALFA_OWNER_PASSWORD_MAX_BYTES', {
        default: 72,
        min: 24,
        max: 800,
      }),
      stopGraceMs: read.integer('ALFA_STOP_GRACE_MS', { default: 10_000, min: 0, max: 60_000 }),
      firstCredentials: {
        login: read.string('ALFA_ADMIN_LOGIN', 'admin'),
        ...(password === undefined ? {} : { password }),
        ...(passwordFile === undefined ? {} : { passwordFile }),
      },
    };
  });
  const faults = faultsOf(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

/** Gateway's part of the environment and that of the process that hosts it. @throws ConfigError naming every variable that is not valid */
export const readHostedGatewayConfig = (env: Environment): GatewayConfig & BusConfig => ({
  ...readGatewayConfig(env),
  ...readConfig(env, readBusConfig),
});

const toTrustProxy = (parts: readonly string[]): GatewayConfig['trustProxy'] => {
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && /^(?:false|0)$/i.test(first))) return false;
  return parts.length === 1 && /^\d{1,2}$/.test(first) ? Number(first) : parts;
};

const faultsOf = (config: ReturnType<typeof readGatewayConfig>): string[] => {
  const faults: string[] = [];
  const checkAddresses = (name: string, entries: readonly string[]): void => {
    for (const entry of entries) {
      try {
        createAddressList([entry]);
      } catch (error) {
        faults.push(`${name}: ${(error as Error).message}`);
      }
    }
  };
  checkAddresses('ALFA_ALLOWED_ADDRESSES', config.allowedAddresses);
  if (config.hookAddresses !== config.allowedAddresses)
    checkAddresses('ALFA_HOOK_ADDRESSES', config.hookAddresses);
  if (Array.isArray(config.trustProxy)) {
    const named = new Set(['loopback', 'linklocal', 'uniquelocal']);
    checkAddresses(
      'ALFA_TRUST_PROXY',
      config.trustProxy.filter((entry: string) => !named.has(entry)),
    );
  }
  for (const origin of config.allowedOrigins) {
    if (URL.parse(origin)?.origin !== origin) {
      faults.push(`ALFA_ALLOWED_ORIGINS: "${origin}" is not an origin like https://mol.example.org`);
    }
  }
  const { login, password, passwordFile } = config.firstCredentials;
  if (login.includes(':')) faults.push("ALFA_ADMIN_LOGIN can't hold a colon");
  if (password !== undefined && passwordFile !== undefined) {
    faults.push('ALFA_ADMIN_PASSWORD and ALFA_ADMIN_PASSWORD_FILE exclude each other');
  }
  return faults;
};

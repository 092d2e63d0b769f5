import type { ConfigReader } from '@alfa-cloud/service-kit';
import { isTimeZone } from '../domain/days.ts';
import {
  defaultClearTables,
  defaultCommands,
  type ClientNetworkConfig,
  type ClientConfig,
} from '../on-server/client-config.ts';
import { holdsSubnet, parseRange } from '../on-server/subnets.ts';
import { seconds } from './seconds.ts';

/** @param faults takes up what is not valid */
export const readClients = (read: ConfigReader, faults: string[]): ClientConfig => ({
  storagePath: read.string('ALFA_CLIENT_STORAGE_PATH', '/app/storage'),
  network: readClientNetwork(read, faults),
  commands: {
    migrate: argv(read, faults, 'ALFA_COMMAND_MIGRATE', defaultCommands.migrate),
    ownerPassword: argv(read, faults, 'ALFA_COMMAND_OWNER_PASSWORD', defaultCommands.ownerPassword),
    demoSeed: argv(read, faults, 'ALFA_COMMAND_DEMO_SEED', defaultCommands.demoSeed),
    demoUnseed: argv(read, faults, 'ALFA_COMMAND_DEMO_UNSEED', defaultCommands.demoUnseed),
    down: argv(read, faults, 'ALFA_COMMAND_DOWN', defaultCommands.down),
    up: argv(read, faults, 'ALFA_COMMAND_UP', defaultCommands.up),
    usersCount: argv(read, faults, 'ALFA_COMMAND_USERS_COUNT', defaultCommands.usersCount),
  },
  copyClearTables: readTables(read, faults),
  timeZone: readTimeZone(read, faults),
  steadyMs: 1500,
  awayMs: 20_000,
  healthMs: seconds(read, 'ALFA_HEALTH_TIMEOUT_S', 60),
  commandMs: seconds(read, 'ALFA_COMMAND_TIMEOUT_S', 600),
  reachableMs: seconds(read, 'ALFA_REACHABLE_TIMEOUT_S', 20),
  observeMs: seconds(read, 'ALFA_SWITCH_OBSERVE_S', 10),
});

const readTimeZone = (read: ConfigReader, faults: string[]): string => {
  const timeZone = read.string('ALFA_TIME_ZONE', 'UTC');
  if (!isTimeZone(timeZone)) faults.push(`ALFA_TIME_ZONE: "${timeZone}" is not a time zone`);
  return timeZone;
};

const readTables = (read: ConfigReader, faults: string[]): readonly string[] => {
  const tables = read.list('ALFA_COPY_CLEAR_TABLES', defaultClearTables);
  const wrong = tables.filter((table) => !/^[A-Za-z0-9_$-]{1,64}$/.test(table));
  if (wrong.length > 0) faults.push(`ALFA_COPY_CLEAR_TABLES: not names of tables: ${wrong.join(', ')}`);
  return tables;
};

const readClientNetwork = (read: ConfigReader, faults: string[]): ClientNetworkConfig => {
  const subnets = read.string('ALFA_CLIENT_SUBNETS', '10.213.0.0/16');
  const range = parseRange(subnets);
  if (range === null || !holdsSubnet(range)) {
    faults.push(
      `ALFA_CLIENT_SUBNETS: "${subnets}" is no range of at least 16 IPv4 addresses such as 10.213.0.0/16`,
    );
  }
  const outside = read.string('ALFA_CLIENT_OUTSIDE', 'allow');
  if (outside !== 'allow' && outside !== 'deny') {
    faults.push(`ALFA_CLIENT_OUTSIDE must be "allow" or "deny", not "${outside}"`);
  }
  return { subnets, outside: outside === 'allow' };
};

/** Program and arguments as a JSON array of strings, since no shell takes words apart. */
const argv = (
  read: ConfigReader,
  faults: string[],
  name: string,
  defaultArgv: readonly string[],
): readonly string[] => {
  const value: unknown = parsed(read.string(name, JSON.stringify(defaultArgv)));
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) {
    return value;
  }
  faults.push(`${name} must be a JSON array of strings, such as ["php","artisan","migrate"]`);
  return defaultArgv;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

import { message, type Message, type ServerMonitoring } from '@alfa-cloud/contracts';
import type { AlertKey } from '@alfa-cloud/servers';
import { inodesUsedPercent } from '../../monitoring/metrics.ts';
import type { ObservedClient } from '../availability/observe-server.ts';

export interface AlertLimits {
  /** Of disks and of their inodes. */
  diskPercent: number;
  memoryPercent: number;
  clockMs: number;
}

/** How something stands that there can be an alert about. */
export interface Condition extends AlertKey {
  /** `between`: too bad for an alert to end, not bad enough for one to begin. */
  level: 'bad' | 'between' | 'good';
  words: Message;
}

/** What an observation says. Of what it does not speak nothing is known. */
export interface Observation {
  /** Whatever is raised under one of these codes and not among the conditions is there no longer. */
  codes: readonly AlertKey['code'][];
  conditions: readonly Condition[];
}

/** An alert ends this many points below the limit at which it begins, so that a value that wavers does not raise it again and again. */
const distancePercent = 5;

const levelOf = (value: number, limit: number, clearBelow: number): Condition['level'] => {
  if (value >= limit) return 'bad';
  return value < clearBelow ? 'good' : 'between';
};

const percentLevel = (percent: number, limit: number): Condition['level'] =>
  levelOf(percent, limit, Math.max(0, limit - distancePercent));

/** Pure. */
export const observedIn = (monitoring: ServerMonitoring, limits: AlertLimits): Observation => {
  const parts = [disks(monitoring, limits), memory(monitoring, limits), clock(monitoring, limits)];
  return {
    codes: parts.flatMap(({ codes }) => codes),
    conditions: parts.flatMap(({ conditions }) => conditions),
  };
};

const nothing: Observation = { codes: [], conditions: [] };

const disks = ({ disks: found }: ServerMonitoring, { diskPercent }: AlertLimits): Observation => {
  if (found === null) return nothing;
  const conditions = found.flatMap((disk): Condition[] => {
    const { path: about, usedPercent, freeBytes } = disk;
    const free = gibibytes(freeBytes);
    const ofInodes = inodesUsedPercent(disk);
    return [
      {
        code: 'disk',
        about,
        level: percentLevel(usedPercent, diskPercent),
        words: message`${about}: ${usedPercent.toFixed(1)} % are used, ${free} GiB are free`,
      },
      ...(ofInodes === null
        ? []
        : [
            {
              code: 'inodes' as const,
              about,
              level: percentLevel(ofInodes, diskPercent),
              words: message`${about}: ${ofInodes.toFixed(1)} % of the inodes are used`,
            },
          ]),
    ];
  });
  return { codes: ['disk', 'inodes'], conditions };
};

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

const memory = (
  { memoryTotalBytes, memoryUsedBytes }: ServerMonitoring,
  { memoryPercent }: AlertLimits,
): Observation => {
  if (memoryTotalBytes === null || memoryUsedBytes === null || memoryTotalBytes === 0) return nothing;
  const percent = (memoryUsedBytes / memoryTotalBytes) * 100;
  const condition: Condition = {
    code: 'memory',
    about: null,
    level: percentLevel(percent, memoryPercent),
    words: message`${percent.toFixed(1)} % of ${gibibytes(memoryTotalBytes)} GiB are used`,
  };
  return { codes: ['memory'], conditions: [condition] };
};

/** What a slow answer leaves open counts for the clock. */
const clock = (
  { clockOffsetMs, clockUncertaintyMs }: ServerMonitoring,
  { clockMs }: AlertLimits,
): Observation => {
  if (clockOffsetMs === null || clockUncertaintyMs === null) return nothing;
  const least = Math.max(0, Math.abs(clockOffsetMs) - clockUncertaintyMs);
  const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
  const condition: Condition = {
    code: 'clock',
    about: null,
    level: levelOf(least, clockMs, clockMs / 2),
    words:
      clockOffsetMs > 0
        ? message`The server's clock is ${seconds} s ahead`
        : message`The server's clock is ${seconds} s behind`,
  };
  return { codes: ['clock'], conditions: [condition] };
};

/** Together means at least so many; a single client has an availability of its own. */
const togetherMin = 2;
const namesMax = 5;

/** Pure. */
export const observedOfClients = (clients: readonly ObservedClient[]): Observation => {
  const down = clients.filter(({ available, isBusy }) => available === false && !isBusy);
  const names = down.slice(0, namesMax).map(({ slug }) => slug);
  const list = `${names.join(', ')}${down.length > namesMax ? ', …' : ''}`;
  // Of those nobody can tell about, any may be down.
  const whenFew = clients.some(({ available, isBusy }) => available === null && !isBusy) ? 'between' : 'good';
  const condition: Condition = {
    code: 'clients_down',
    about: null,
    level: down.length >= togetherMin ? 'bad' : whenFew,
    words: message`${down.length} of ${clients.length} clients do not answer: ${list}`,
  };
  return { codes: ['clients_down'], conditions: [condition] };
};

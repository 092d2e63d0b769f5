import { parseContainers } from './containers.ts';
import { parseFileSystems } from './file-systems.ts';
import {
  outsideInterfaces,
  parseCpuTime,
  parseDevices,
  parseInterfaces,
  parseLoad,
  parseMemory,
} from './kernel.ts';
import type { ServerMeasurements } from './measurements.ts';
import { countOf, decimalOf, partsOf, wordsOf } from './parts.ts';

/** When the probe was sent and when the first of its answer came, by our clock, ms. */
export interface Exchange {
  sentAt: number;
  answeredAt: number | null;
}

/**
 * What the probe has told; null for each value that it has not told. Pure.
 * @param text its output, which may be cut off anywhere. The first path that it was asked for is the root directory's
 */
export const parseMeasurements = (text: string, exchange: Exchange): ServerMeasurements => {
  const parts = partsOf(text);
  const part = (name: string): string => parts.get(name) ?? '';
  const fileSystems = parseFileSystems(part('disks'));
  const told = fileSystems.filter((one) => one !== null);
  const [root] = fileSystems;
  return {
    bootId: /^[0-9a-f-]{36}$/.exec(part('boot').trim())?.[0] ?? null,
    uptimeSeconds: decimalOf(wordsOf(part('uptime'))[0]),
    ...clockOf(part('time'), exchange),
    ...parseLoad(part('load')),
    cpus: countOf(part('cpus').trim()) || null,
    cpuTime: parseCpuTime(part('cpu')),
    ...parseMemory(part('memory')),
    diskTotalBytes: root?.totalBytes ?? null,
    diskFreeBytes: root?.freeBytes ?? null,
    fileSystems: told.length === 0 ? null : [...new Set(told)],
    devices: parseDevices(part('devices')),
    interfaces: outsideInterfaces(parseInterfaces(part('interfaces')), part('routes')),
    containers: parts.has('traffic')
      ? parseContainers({ usage: part('usage'), processes: part('processes'), traffic: part('traffic') })
      : null,
  };
};

/** The server tells its time somewhere between question and answer. A `date` without nanoseconds tells the second that has begun. */
const clockOf = (
  text: string,
  { sentAt, answeredAt }: Exchange,
): Pick<ServerMeasurements, 'clockOffsetMs' | 'clockUncertaintyMs'> => {
  const [, seconds, fraction] = /^(\d{1,12})(?:\.(\d{3})\d*)?/.exec(text.trim()) ?? [];
  if (seconds === undefined || answeredAt === null || answeredAt < sentAt) {
    return { clockOffsetMs: null, clockUncertaintyMs: null };
  }
  const toldMs = Number(seconds) * 1000 + (fraction === undefined ? 500 : Number(fraction));
  return {
    clockOffsetMs: Math.round(toldMs - (sentAt + answeredAt) / 2),
    clockUncertaintyMs: Math.ceil((answeredAt - sentAt) / 2) + (fraction === undefined ? 500 : 1),
  };
};

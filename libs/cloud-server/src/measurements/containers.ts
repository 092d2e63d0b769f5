import { parseInterfaces } from './kernel.ts';
import { countOf, wordsOf } from './parts.ts';
import type { ContainerUsage, NetworkInterface } from './measurements.ts';

interface Texts {
  /** `<file of a control group>:<line>` for the files of memory and processor time. */
  usage: string;
  /** `<cgroup.procs>:<process id>`, the first process of each container. */
  processes: string;
  /** `/proc/<process id>/net/dev:<line>` for these processes. */
  traffic: string;
}

/** Containers by what their control groups (version 1 or 2) and the network of their first process tell. */
export const parseContainers = ({ usage, processes, traffic }: Texts): ContainerUsage[] => {
  const found = new Map<string, Map<string, number>>();
  for (const { file, text } of taggedLines(usage)) {
    const id = containerOf(file);
    if (id === null) continue;
    const values = found.get(id) ?? new Map<string, number>();
    found.set(id, values);
    const [name = '', value] = wordsOf(text);
    const count = countOf(value ?? name);
    if (count !== null) values.set(value === undefined ? baseName(file) : name, count);
  }
  const interfaces = interfacesByContainer(processes, traffic);
  return [...found].map(([id, values]) => ({
    id,
    cpuMs: cpuMsOf(values),
    memoryBytes: memoryOf(values),
    interfaces: interfaces.get(id) ?? null,
  }));
};

const taggedLines = (text: string): { file: string; text: string }[] =>
  text.split('\n').flatMap((line) => {
    const [, file, rest] = /^(\/[^:]*):(.*)$/.exec(line) ?? [];
    return file === undefined || rest === undefined ? [] : [{ file, text: rest }];
  });

/** The directory of a container is named after its id, by systemd `docker-<id>.scope`. */
const containerOf = (file: string): string | null =>
  /\/(?:docker-)?([0-9a-f]{64})(?:\.scope)?\/[^/]+$/.exec(file)?.[1] ?? null;

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** Version 2 counts in µs, version 1 in ns. */
const cpuMsOf = (values: ReadonlyMap<string, number>): number | null => {
  const microseconds = values.get('usage_usec');
  if (microseconds !== undefined) return microseconds / 1000;
  const nanoseconds = values.get('cpuacct.usage');
  return nanoseconds === undefined ? null : nanoseconds / 1_000_000;
};

/** The file cache that was not used lately is left out, as `docker stats` does. */
const memoryOf = (values: ReadonlyMap<string, number>): number | null => {
  const usage = values.get('memory.current') ?? values.get('memory.usage_in_bytes');
  const inactive = values.get('total_inactive_file') ?? values.get('inactive_file');
  return usage === undefined || inactive === undefined ? null : Math.max(0, usage - inactive);
};

const interfacesByContainer = (processes: string, traffic: string): Map<string, NetworkInterface[]> => {
  const lines = Map.groupBy(taggedLines(traffic), ({ file }) => file);
  const found = new Map<string, NetworkInterface[]>();
  for (const { file, text } of taggedLines(processes)) {
    const id = containerOf(file);
    const ofProcess = lines.get(`/proc/${text}/net/dev`);
    if (id === null || ofProcess === undefined) continue;
    const all = parseInterfaces(ofProcess.map((line) => line.text).join('\n'));
    found.set(
      id,
      all.filter(({ name }) => name !== 'lo'),
    );
  }
  return found;
};

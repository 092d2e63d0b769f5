import { readdir, readFile, readlink } from 'node:fs/promises';
import type { World } from '../../embedded/test/support/world.ts';

/** Milliseconds of CPU. On a busy machine they tell more than the clock does. */
export interface CpuTimes {
  /** Docker Engine with all that runs in its containers. */
  engine: number;
  /** The five services, and what calls them. */
  services: number;
  /** Event store and nats-server. */
  stores: number;
  /** Commands of the shell loops that have ended. */
  commands: number;
}

interface Process {
  id: number;
  parent: number;
  own: number;
  /** Of its children that have ended. */
  ended: number;
}

/** A hundred a second, on every Linux of today. */
const tickMs = 10;

const processOf = async (id: string): Promise<Process[]> => {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return [];
  const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) * tickMs;
  return [{ id: Number(id), parent: Number(fields[1]), own: ticks(11), ended: ticks(13) }];
};

const namespaceOf = (id: number): Promise<string> => readlink(`/proc/${id}/ns/pid`).catch(() => '');

/** What has been used until now by the parts of a world that takes its engine's processes for itself. */
export const cpuTimes = async ({ docker }: World): Promise<CpuTimes> => {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = (await Promise.all(ids.map(processOf))).flat();
  const namespace = await namespaceOf(docker.pid ?? 0);
  const ofEngine = new Set<number>();
  for (const { id } of processes) if ((await namespaceOf(id)) === namespace) ofEngine.add(id);
  // Containers have namespaces of their own, below processes of the engine.
  const withChildren = (members: Set<number>): Set<number> => {
    for (let before = -1; before < members.size;) {
      before = members.size;
      for (const { id, parent } of processes) if (members.has(parent)) members.add(id);
    }
    return members;
  };
  withChildren(ofEngine);
  const ofThis = withChildren(new Set([process.pid]));
  const times: CpuTimes = { engine: 0, services: 0, stores: 0, commands: 0 };
  for (const { id, own, ended } of processes) {
    if (ofEngine.has(id)) times.engine += own + ended;
    else if (id === process.pid) {
      times.services += own;
      times.commands += ended;
    } else if (ofThis.has(id)) times.stores += own + ended;
  }
  return times;
};

/** Does the work and tells what it took, divided by a number of clients. */
export const measured = async (
  world: World,
  clients: number,
  work: () => Promise<unknown>,
): Promise<{ seconds: number; cpu: CpuTimes; cpuMs: number }> => {
  const before = await cpuTimes(world);
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1000;
  const after = await cpuTimes(world);
  const used = (part: keyof CpuTimes) => (after[part] - before[part]) / clients;
  const cpu = {
    engine: used('engine'),
    services: used('services'),
    stores: used('stores'),
    commands: used('commands'),
  };
  return { seconds, cpu, cpuMs: cpu.engine + cpu.services + cpu.stores + cpu.commands };
};

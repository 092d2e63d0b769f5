import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { Cause } from '@alfa-cloud/event-sourcing';
import { type StepIo, type StepWork } from '@alfa-cloud/operations';
import { Semaphore } from '@alfa-cloud/service-kit';
import { cleanServer, newestPositionOf } from '../cleanup/clean-server.ts';
import { imageIdsOn } from '../cleanup/found.ts';
import { needsOf, type Needs } from '../cleanup/needs.ts';
import { openServer } from '../servers/registered.ts';
import type { BuildDeps, Building } from './building.ts';
import { told } from './told.ts';

const retentionMs = 15 * 60_000;
const serverMs = 5 * 60_000;
const lookMs = 60_000;
const atOnce = 4;

/** Removes older images of builds that nobody needs any more, where the new one is by now. What can't be done is told, and fails no build. */
export const retentionStep = (deps: BuildDeps, cause: Cause): StepWork<Building> => ({
  deadlineMs: retentionMs,
  async act({ build, server }, io) {
    const got = build.servers.flatMap(({ serverId, outcome }) => (outcome === 'ok' ? [serverId] : []));
    const servers = [...new Set([server.id, ...got])];
    const slots = new Semaphore(atOnce);
    const look = (serverId: string) => slots.run(() => lookedAt(deps, serverId, io), io.signal);
    const looked = (await Promise.all(servers.map(look))).flat();
    const needs = await told(io, 'The images that are needed could not be listed', async () => {
      const from = await newestPositionOf(deps.store, build.operationId);
      return needsOf(deps, { but: build.operationId, from, signal: io.signal });
    });
    if (needs === null) return 'No image removed';
    const clean = (each: Looked) =>
      slots.run(() => cleaned(deps, each, { needs, buildId: build.operationId, cause }, io), io.signal);
    const removed = await Promise.all(looked.map(clean));
    return `${removed.reduce((sum, count) => sum + count, 0)} older images removed on ${servers.length} servers`;
  },
});

/** A server, and the images that are there before anybody is asked who needs which. */
interface Looked extends Pick<StepIo, 'output'> {
  serverId: string;
  cloud: CloudServer;
  before: ReadonlySet<string>;
}

const notNow = 'Old images stay for now';

/** Nothing for one that does not answer. */
const lookedAt = async (deps: BuildDeps, serverId: string, io: StepIo): Promise<Looked[]> => {
  const { server, cloud } = await openServer(deps, serverId);
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(lookMs)]);
  const output = (text: string) => io.output(text.replace(/^/, `${server.name}: `));
  const before = await told({ signal: io.signal, output }, notNow, () => imageIdsOn(cloud, signal));
  return before === null ? [] : [{ serverId, cloud, before, output }];
};

/** @returns how many images are gone */
const cleaned = async (
  { store, config }: BuildDeps,
  { output, ...looked }: Looked,
  { needs, buildId, cause }: { needs: Needs; buildId: string; cause: Cause },
  io: StepIo,
): Promise<number> => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(serverMs)]);
  const work = { ...looked, needs, keep: config.keep, operationId: buildId, asked: false, cause };
  const removed = await told({ signal: io.signal, output }, notNow, () =>
    cleanServer(store, work, { signal, output }),
  );
  return removed?.images.length ?? 0;
};

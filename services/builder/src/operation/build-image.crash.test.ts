import { afterEach, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks, type Effect } from '@alfa-cloud/cloud-server/testing';
import {
  addServer,
  buildDevCommand,
  endWorlds,
  fakeEngine,
  newWorld,
  outcomeOf,
  startBuilder,
} from '../testing/rig.ts';

afterEach(endWorlds);

/** Where the process dies: around the n-th effect on any server, or at the n-th thing that the operation's observer is told. */
type Moment = { effect: number; phase: 'before' | 'after' } | { observation: number };

/** Builds by a process that dies at the moment (null: at none), and then by another one. */
const buildWithCrash = async (moment: Moment | null) => {
  const world = await newWorld();
  const builds = fakeEngine();
  const other = fakeEngine();
  await addServer(world, 'builds', builds, { role: 'build' });
  await addServer(world, 'other', other);
  const command = buildDevCommand();
  const death = Promise.withResolvers<'dead'>();
  const grave = Promise.withResolvers<never>();
  grave.promise.catch(() => undefined);
  const life = new AbortController();
  let [effects, observations, isDead] = [0, 0, false];
  const die = (): Promise<never> => {
    isDead = true;
    death.resolve('dead');
    queueMicrotask(() => life.abort(new Error('killed')));
    return grave.promise;
  };
  const numbers = new WeakMap<Effect, number>();
  const at = (phase: 'before' | 'after') => async (effect: Effect) => {
    if (phase === 'before') numbers.set(effect, (effects += 1));
    const isNow =
      moment !== null &&
      'effect' in moment &&
      moment.phase === phase &&
      moment.effect === numbers.get(effect);
    if (isNow || isDead) await die();
  };
  const first = await startBuilder(world, {
    seen: (cloud: CloudServer) => withEffectHooks(cloud, { before: at('before'), after: at('after') }),
    observer: async () => {
      observations += 1;
      const isNow = moment !== null && 'observation' in moment && moment.observation === observations;
      if (isNow || isDead) await die();
    },
  });
  const sent = first.send(command, { signal: life.signal });
  const died = (await Promise.race([sent, death.promise])) === 'dead';
  if (died) {
    await (await startBuilder(world)).send(command);
    grave.reject(new Error('killed'));
    await Promise.allSettled([sent]);
  }
  const { end, builds: events, workspaces, story } = await outcomeOf(world, command);
  if (end?.status !== 'ok') throw new Error(`${JSON.stringify(moment)}\n${story}`);
  const names = ({ engine }: typeof builds) =>
    [...engine.images.keys()].filter((name) => !name.startsWith('alfa/'));
  return {
    effects,
    observations,
    after: {
      died,
      events,
      workspaces,
      names: [names(builds).toSorted(), names(other).toSorted()],
      left: [builds.engine.containers.size, builds.engine.networks.size],
    },
  };
};

test('whenever the builder is killed, the next one goes on, and nothing but the image is left', async () => {
  const { effects, observations, after } = await buildWithCrash(null);
  expect(effects).toBeGreaterThan(15);
  const moments: Moment[] = [
    ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'before' as const })),
    ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'after' as const })),
    ...Array.from({ length: observations }, (_, index) => ({ observation: index + 1 })),
  ];
  for (const moment of moments) {
    const crashed = await buildWithCrash(moment);
    expect({ moment, ...crashed.after }).toEqual({ moment, ...after, died: true });
    await endWorlds();
  }
}, 300_000);

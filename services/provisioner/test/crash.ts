import type { CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks, type Effect, type EffectHooks } from '@alfa-cloud/cloud-server/testing';
import type { Command, CommandData, CommandName } from '@alfa-cloud/contracts';
import { inNoTime, startRig, type Rig, type RigOptions } from './rig.ts';

/** Where a worker dies: around the n-th effect on the server, or at the n-th thing that its operation's observer is told. */
export type Moment = { effect: number; phase: 'before' | 'after' } | { observation: number };

/** What came of one run with a crash. */
export interface CrashRun {
  effects: number;
  observations: number;
  /** The worker has come to its moment. */
  died: boolean;
}

/** A worker that dies at one moment: nothing of it goes on after that. Once it is buried, what hangs in it ends with an error. */
const mortal = () => {
  const controller = new AbortController();
  const death = Promise.withResolvers<'dead'>();
  const burial = Promise.withResolvers<never>();
  burial.promise.catch(() => undefined);
  let isDead = false;
  return {
    signal: controller.signal,
    dead: death.promise,
    isDead: () => isDead,
    die: (): Promise<never> => {
      isDead = true;
      death.resolve('dead');
      queueMicrotask(() => controller.abort(new Error('killed')));
      return burial.promise;
    },
    bury: () => burial.reject(new Error('killed')),
  };
};

/** Each server with hooks, and always the same one: what is kept of a connection is kept by the connection. */
const hookedOnce = (hooks: EffectHooks) => {
  const known = new Map<CloudServer, CloudServer>();
  return (cloud: CloudServer): CloudServer => {
    const hooked = known.get(cloud) ?? withEffectHooks(cloud, hooks);
    known.set(cloud, hooked);
    return hooked;
  };
};

const hookedOf =
  (cloudOf: NonNullable<RigOptions['cloudOf']>, hooked: (cloud: CloudServer) => CloudServer) =>
  (serverId: string): CloudServer | undefined => {
    const cloud = cloudOf(serverId);
    return cloud === undefined ? undefined : hooked(cloud);
  };

/** Sends a command to a worker that dies at the moment (null: at none), and then to another one. Both share streams, keys and server. */
export const sendWithCrash = async <Name extends CommandName>(
  { store, vault }: Pick<Rig, 'store' | 'vault'>,
  cloud: CloudServer,
  command: Command<CommandData<Name>, Name>,
  moment: Moment | null,
  env: Record<string, string> = {},
  { cloudOf, ...common }: Pick<RigOptions, 'cloudOf' | 'transfer' | 'clock' | 'readModels'> = {},
): Promise<CrashRun> => {
  const life = mortal();
  let effects = 0;
  let observations = 0;
  // Counted over all servers, in the order in which they begin.
  const numbers = new WeakMap<Effect, number>();
  const dieAt = (phase: 'before' | 'after') => async (effect: Effect) => {
    if (phase === 'before') numbers.set(effect, (effects += 1));
    const isNow =
      moment !== null &&
      'effect' in moment &&
      moment.phase === phase &&
      moment.effect === numbers.get(effect);
    if (isNow || life.isDead()) await life.die();
  };
  const hooked = hookedOnce({ before: dieAt('before'), after: dieAt('after') });
  const first = await startRig({
    ...common,
    creation: inNoTime,
    env,
    cloud: hooked(cloud),
    ...(cloudOf === undefined ? {} : { cloudOf: hookedOf(cloudOf, hooked) }),
    store,
    vault,
    observer: async () => {
      observations += 1;
      const isNow = moment !== null && 'observation' in moment && moment.observation === observations;
      if (isNow || life.isDead()) await life.die();
    },
  });
  const sent = first.send(command, { signal: life.signal });
  const outcome = await Promise.race([sent, life.dead]);
  if (outcome === 'dead') {
    const over = cloudOf === undefined ? {} : { cloudOf };
    const second = await startRig({ ...common, ...over, creation: inNoTime, env, cloud, store, vault });
    await second.send(command);
    await second.stop();
    life.bury();
    await Promise.allSettled([sent]);
  }
  await first.stop();
  return { effects, observations, died: outcome === 'dead' };
};

/** All moments of a run without a crash. */
export const momentsOf = ({ effects, observations }: CrashRun): Moment[] => [
  ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'before' as const })),
  ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'after' as const })),
  ...Array.from({ length: observations }, (_, index) => ({ observation: index + 1 })),
];

import type { CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks, type Effect } from '@alfa-cloud/cloud-server/testing';
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

/** Sends a command to a worker that dies at the moment (null: at none), and then to another one. Both share streams, keys and server. */
export const sendWithCrash = async <Name extends CommandName>(
  { store, vault }: Pick<Rig, 'store' | 'vault'>,
  cloud: CloudServer,
  command: Command<CommandData<Name>, Name>,
  moment: Moment | null,
  env: Record<string, string> = {},
  more: Pick<RigOptions, 'cloudOf' | 'readModels'> = {},
): Promise<CrashRun> => {
  const life = mortal();
  let effects = 0;
  let observations = 0;
  const dieAt = (phase: 'before' | 'after') => async (effect: Effect) => {
    effects = effect.number;
    const isNow =
      moment !== null && 'effect' in moment && moment.phase === phase && moment.effect === effect.number;
    if (isNow || life.isDead()) await life.die();
  };
  const first = await startRig({
    ...more,
    creation: inNoTime,
    env,
    cloud: withEffectHooks(cloud, { before: dieAt('before'), after: dieAt('after') }),
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
    const second = await startRig({ ...more, creation: inNoTime, env, cloud, store, vault });
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

import { AsyncLocalStorage } from 'node:async_hooks';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { deriveId } from '@alfa-cloud/contracts';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import { createCloudServers } from '@alfa-cloud/servers';
import { hostService } from '@alfa-cloud/service-host';
import { withCallsTold } from './calls-of-server.ts';
import type { World } from './world.ts';

/** Something that happens to a server while an operation is at a step. */
export interface Trouble {
  step: string;
  /** Before the step does anything; under its n-th call to the server, or after it has done all if there are fewer; after it has done all. */
  moment: 'started' | 'acted' | number;
  strike: () => Promise<void>;
}

/** A provisioner in this process, whose operations meet with trouble at chosen moments. */
export interface TroubledProvisioner {
  /** For the operation of the request that is sent with an idempotency key. `struck` tells whether it has happened. */
  arm(idempotencyKey: string, trouble: Trouble): { readonly operationId: string; readonly struck: boolean };
  stop(): Promise<void>;
}

interface Armed extends Trouble {
  struck: boolean;
}

/** What is at work here: calls of the watches, which go on beside it, are not its own. */
interface AtWork {
  armed: Armed;
  calls: number;
}

export const startTroubledProvisioner = async (world: World): Promise<TroubledProvisioner> => {
  const troubles = new Map<string, Armed>();
  const atWork = new AsyncLocalStorage<AtWork | undefined>();

  const strikeOnce = async (armed: Armed): Promise<void> => {
    if (armed.struck) return;
    armed.struck = true;
    await armed.strike();
  };
  const troubled = (server: CloudServer): CloudServer =>
    withCallsTold(server, () => {
      const work = atWork.getStore();
      if (work === undefined) return;
      work.calls += 1;
      if (work.calls === work.armed.moment) void strikeOnce(work.armed);
    });

  const service = hostService('provisioner', readProvisionerConfig(world.env), (config, deps) => {
    const real = createCloudServers(config, { ...deps, store: deps.eventStore });
    return createProvisioner(config, {
      ...deps,
      cloudServers: { of: (server) => troubled(real.of(server)), close: () => real.close() },
      operationObserver: ({ operationId, step, phase }) => {
        const armed = troubles.get(operationId);
        const isThere = armed !== undefined && armed.step === step;
        if (phase === 'started') atWork.enterWith(isThere ? { armed, calls: 0 } : undefined);
        if (!isThere) return undefined;
        if (phase === 'started' && armed.moment === 'started') return strikeOnce(armed);
        return phase === 'acted' || phase === 'completed' ? strikeOnce(armed) : undefined;
      },
    });
  });
  await service.start();
  const stop = () => service.stop();
  world.attach(stop);
  return {
    arm(idempotencyKey, trouble) {
      const operationId = deriveId(deriveId('idempotency', 'admin', idempotencyKey), 'operation');
      const armed: Armed = { ...trouble, struck: false };
      troubles.set(operationId, armed);
      return {
        operationId,
        get struck() {
          return armed.struck;
        },
      };
    },
    stop,
  };
};

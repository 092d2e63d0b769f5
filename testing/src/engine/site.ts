import { connectMachine, linkOf } from './link.ts';
import type { Machine } from './machine.ts';
import { startMachine } from './machine.ts';
import { makeBridge } from './network.ts';
import type { DaemonSite } from './daemon.ts';
import type { Slot } from './slot.ts';

/** Where an engine stands: the machine it runs in and the network around that. */
export interface Site extends DaemonSite {
  /** Where published ports answer. */
  readonly address: string;
  /** This process under an address that the engine's containers reach, `undefined` on the host's network. */
  readonly outside: string | undefined;
  /** Makes what has to be there before the first boot. */
  prepare(): Promise<void>;
  /** Starts the machine and plugs it in. `pidFile` remembers it for tidy.sh. */
  boot(pidFile: string): Promise<Machine>;
}

export const hostNetworkSite = ({ name, prefix }: Slot): Site => ({
  ownNetwork: false,
  address: '127.0.0.1',
  outside: undefined,
  prepare: () => makeBridge(name, prefix),
  boot: (pidFile) => startMachine(name, pidFile, { ownNetwork: false }),
});

export const ownNetworkSite = ({ name, prefix }: Slot): Site => {
  const link = linkOf(name, prefix);
  return {
    ownNetwork: true,
    address: link.inside,
    outside: link.outside,
    prepare: async () => {},
    async boot(pidFile) {
      const machine = await startMachine(name, pidFile, { ownNetwork: true });
      await connectMachine(link, machine.init);
      return machine;
    },
  };
};

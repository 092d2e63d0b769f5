import type { StepWork } from '@alfa-cloud/operations';
import { isMadeBy, serverStep } from '@alfa-cloud/servers';
import type { Preparation } from '../../../on-server/preparation.ts';
import { serverNetwork } from '../../../resources/network/server-network.ts';
import { rootOwner } from '../../../resources/server/server-files.ts';

/** The network of the server's own containers, and the file that says whose the root directory is. */
export const networkStep: StepWork<Preparation> = serverStep({
  deadlineMs: 120_000,
  async act(preparation, { signal }) {
    const said = await serverNetwork(preparation).ensure({ signal });
    await rootOwner(preparation).ensure({ signal });
    return said;
  },
  async compensate(preparation, { signal }) {
    const network = serverNetwork(preparation);
    const found = await network.inspect({ signal });
    // Where the network stays, because an earlier preparation of this server made it, the owner file stays true.
    if (found === null || isMadeBy(preparation.origin, found.labels)) {
      await rootOwner(preparation).remove({ signal });
    }
    return network.remove({ signal });
  },
});

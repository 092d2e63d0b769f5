import type { Step } from '@alfa-cloud/operations';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { nameOccupied, serverStep } from '../../../on-server/failures.ts';
import { isMadeBy, label, labelsOf } from '../../../on-server/labels.ts';
import { serverNames, serverPaths } from '../../../on-server/names.ts';
import { ownershipOf } from '../../../on-server/ownership.ts';
import type { Preparation } from '../../../on-server/preparation.ts';

/** The network of the server's own containers, and the mark of ownership on the root directory. */
export const networkStep: Step<Preparation> = serverStep({
  name: 'network',
  deadlineMs: 120_000,
  async act({ cloud, server, origin }, { signal }) {
    const { docker, files } = cloud;
    if ((await docker.network(serverNames.network, { signal })) === null) {
      await docker
        .createNetwork(serverNames.network, { labels: labelsOf(origin) }, { signal })
        .catch((error: unknown) => {
          if (!isCloudServerError(error) || error.code !== 'name_in_use') throw error;
        });
    }
    const network = await docker.network(serverNames.network, { signal });
    if (network?.labels[label.server] !== server.id) throw nameOccupied(`Network ${serverNames.network}`);
    await files.createDirectory(serverPaths.clients, { signal, mode: 0o755 });
    await files.writeAtomic(serverPaths.owner, ownershipOf(server.id), { signal, mode: 0o644 });
    return `Network ${serverNames.network} is there`;
  },
  async compensate({ cloud, server, origin }, { signal }) {
    const { docker, files } = cloud;
    const network = await docker.network(serverNames.network, { signal });
    // Of somebody else, or of an earlier preparation of this server: then the mark of ownership goes on being true.
    if (network !== null && !isMadeBy(origin, network.labels)) {
      return `Network ${serverNames.network} is left alone`;
    }
    if ((await files.read(serverPaths.owner, { signal })) === ownershipOf(server.id)) {
      await files.removeFile(serverPaths.owner, { signal });
    }
    if (network === null) return `Network ${serverNames.network} is not there`;
    await docker.removeNetwork(serverNames.network, { signal });
    return `Network ${serverNames.network} removed`;
  },
});

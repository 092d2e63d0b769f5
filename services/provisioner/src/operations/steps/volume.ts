import type { Step } from '@alfa-cloud/operations';
import { ensureVolume, removeVolumeOf } from '../../resources/container/container.ts';
import { serverStep } from '../../on-server/failures.ts';
import { labelsOf } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** Storage that outlives the client's containers. */
export const volumeStep: Step<ClientOnServer> = serverStep({
  name: 'volume',
  deadlineMs: 120_000,
  async act({ cloud, names, origin }, { signal }) {
    await ensureVolume(cloud, names.volume, labelsOf(origin), origin, { signal });
    return `Volume ${names.volume} is there`;
  },
  compensate: ({ cloud, names, origin }, { signal }) =>
    removeVolumeOf(cloud, names.volume, origin, { signal }),
});

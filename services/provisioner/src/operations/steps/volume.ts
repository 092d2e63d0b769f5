import type { Step } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { volume } from '../../resources/volume/volume.ts';
import { resourceStep } from './resource-step.ts';

/** Storage that outlives the client's containers. */
export const volumeStep: Step<ClientOnServer> = resourceStep({
  name: 'volume',
  resource: ({ cloud, names, origin }) => volume(cloud, names.volume, origin),
});

import {
  containerDifferences,
  type CallOptions,
  type CloudServer,
  type ContainerDifference,
  type ContainerSpec,
  type InspectedContainer,
  type Labels,
} from '@alfa-cloud/cloud-server';
import { label } from '@alfa-cloud/servers';
import { clientNetworksOn } from '../network/attachments.ts';

/** Labels of the preparation that made a container: another preparation alone makes no difference. */
const ofPreparation: ReadonlySet<string> = new Set([label.operation, label.plan]);

/** In what a container of the server itself differs from its spec. It has to be on the network of every client; further networks do no harm. */
export const serverContainerDifferences = async (
  server: CloudServer,
  spec: ContainerSpec,
  found: InspectedContainer,
  options: CallOptions,
): Promise<ContainerDifference[]> => {
  const { docker } = server;
  // An image that has only lost its name is no other image.
  const image = (await docker.image(spec.image, options)) ?? (await docker.image(found.imageId, options));
  if (image === null) return [];
  const { labels, networks } = found.configuration;
  const known = new Set([...(await clientNetworksOn(server, options)), ...Object.keys(networks)]);
  const expected = {
    ...spec,
    furtherNetworks: [...known].filter((network) => network !== spec.network),
    labels: {
      ...only(spec.labels, (name) => !ofPreparation.has(name)),
      ...only(labels, (name) => ofPreparation.has(name)),
    },
  };
  return containerDifferences(expected, image, found);
};

const only = (labels: Labels, isMeant: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => isMeant(name)));

import { message } from '@alfa-cloud/contracts';
import type Docker from 'dockerode';
import { call, orNull, unlessGone } from './call.ts';
import type { DockerEngine, NetworkFacts } from './docker-engine.ts';

/** Attaching a container that has many networks already takes the engine longer than most calls, ms. */
const attachMs = 30_000;

type Networks = Pick<
  DockerEngine,
  'network' | 'networks' | 'createNetwork' | 'removeNetwork' | 'connectNetwork' | 'disconnectNetwork'
>;

/** The part of the port that concerns networks. */
export const networksOf = (docker: Docker): Networks => ({
  network: (name, options) =>
    call(message`inspect network ${name}`, options, async (abortSignal) => {
      // Inspecting by name would also match the beginning of an id; the filter matches parts of names.
      const networks = await docker.listNetworks({ filters: { name: [name] }, abortSignal });
      const found = networks.find((network) => network.Name === name);
      return found === undefined ? null : factsOf(found);
    }),
  networks: (options) =>
    call(message`list networks`, options, async (abortSignal) =>
      (await docker.listNetworks({ abortSignal })).map(factsOf),
    ),
  createNetwork: (name, { labels, subnet, internal = false }, options) =>
    call(message`create network ${name}`, options, async (abortSignal) => {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Internal: internal,
        Labels: { ...labels },
        ...(subnet === undefined ? {} : { IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] } }),
        abortSignal,
      });
    }),
  removeNetwork: (name, options) =>
    call(message`remove network ${name}`, options, (abortSignal) =>
      unlessGone(() => docker.getNetwork(name).remove({ abortSignal })),
    ),
  connectNetwork: (network, container, { aliases = [] } = {}, options) =>
    call(
      message`attach container ${container} to network ${network}`,
      { deadlineMs: attachMs, ...options },
      async (abortSignal) => {
        // Engines refuse this in different words, or take it, when the container is attached already.
        if (await isAttached(docker, network, container, abortSignal)) return;
        const wanted = { Container: container, EndpointConfig: { Aliases: [...aliases] } };
        // The types do not know that every call of dockerode can be aborted.
        const options: Docker.NetworkConnectOptions = Object.assign(wanted, { abortSignal });
        await docker.getNetwork(network).connect(options);
      },
    ),
  disconnectNetwork: (network, container, options) =>
    call(
      message`detach container ${container} from network ${network}`,
      { deadlineMs: attachMs, ...options },
      async (abortSignal) => {
        if (!(await isAttached(docker, network, container, abortSignal))) return;
        await unlessGone(() =>
          docker.getNetwork(network).disconnect({ Container: container, Force: true, abortSignal }),
        );
      },
    ),
});

/** By the container's own record, which knows its networks also while it is stopped. */
const isAttached = async (
  docker: Docker,
  network: string,
  container: string,
  abortSignal: AbortSignal,
): Promise<boolean> => {
  const found = await orNull(() => docker.getContainer(container).inspect({ abortSignal }));
  return found !== null && Object.hasOwn(found.NetworkSettings.Networks ?? {}, network);
};

const factsOf = ({ Name, Labels, Internal, IPAM }: Docker.NetworkInspectInfo): NetworkFacts => ({
  name: Name,
  labels: Labels ?? {},
  internal: Internal,
  subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])),
});

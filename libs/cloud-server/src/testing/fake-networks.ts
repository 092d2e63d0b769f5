import type { DockerEngine } from '../docker/docker-engine.ts';
import { fail, tellFollowers, type FakeEngine } from './fake-engine.ts';

type Networks = Pick<
  DockerEngine,
  'network' | 'networks' | 'createNetwork' | 'removeNetwork' | 'connectNetwork' | 'disconnectNetwork'
>;

/** The part of the port that concerns networks. */
export const fakeNetworks = (engine: FakeEngine): Networks => ({
  async network(name) {
    const found = engine.networks.get(name);
    return found === undefined ? null : { name, ...found };
  },
  networks: async () => [...engine.networks].map(([name, facts]) => ({ name, ...facts })),
  async createNetwork(name, { labels, subnet, internal = false }) {
    if (engine.networks.has(name)) throw fail('name_in_use', `Network ${name} exists`);
    const isTaken = [...engine.networks.values()].some(({ subnets }) =>
      subnets.some((one) => one === subnet),
    );
    if (subnet !== undefined && isTaken)
      throw fail('subnet_in_use', `Pool overlaps with other one: ${subnet}`);
    engine.networks.set(name, { labels, internal, subnets: subnet === undefined ? [] : [subnet] });
  },
  async removeNetwork(name) {
    const users = [...engine.containers.values()].filter(
      ({ networks, status }) => status === 'running' && networks.has(name),
    );
    if (users.length > 0) throw fail('docker_refused', `Network ${name} has active endpoints`);
    for (const { networks } of engine.containers.values()) {
      const attached = networks.get(name);
      if (attached !== undefined) networks.set(name, { ...attached, isGone: true });
    }
    engine.networks.delete(name);
  },
  async connectNetwork(network, name, { aliases = [] } = {}) {
    const container = engine.containers.get(name);
    if (container === undefined || !engine.networks.has(network)) {
      throw fail('not_found', `No such container or network: ${name}, ${network}`);
    }
    if (container.networks.has(network)) return;
    container.networks.set(network, { aliases });
    tellFollowers(engine, { action: 'connect', name, labels: container.spec.labels, network });
  },
  async disconnectNetwork(network, name) {
    const container = engine.containers.get(name);
    if (container?.networks.delete(network) !== true) return;
    tellFollowers(engine, { action: 'disconnect', name, labels: container.spec.labels, network });
  },
});

import { connectLocalServer, connectSshServer, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  startDockerEngine,
  startFarm,
  temporaryDirectory,
  type DockerEngine,
  type DockerEngineOptions,
  type FarmServer,
} from '@alfa-cloud/testing';
import { stopRigs } from './rig.ts';

export interface RealServer {
  readonly engine: DockerEngine;
  /** Where the provisioner keeps its files. */
  readonly root: string;
  readonly cloud: CloudServer;
  /** For `afterAll`: ends the rigs, then the engine with everything on it, then removes the files. */
  dispose(): Promise<void>;
}

/**
 * A server with a Docker Engine of its own.
 * @param options of the engine
 * @param prepare done to its root before the engine starts; what it adds to `undo` happens after the engine's end
 */
export const startRealServer = async (
  prepare?: (root: string, undo: AsyncDisposableStack) => Promise<void>,
  options: DockerEngineOptions = {},
): Promise<RealServer> => {
  await using started = new AsyncDisposableStack();
  const { path: root } = started.use(await temporaryDirectory('alfa-provisioner-'));
  await prepare?.(root, started);
  const engine = started.use(await startDockerEngine(options));
  const { socketPath, address } = engine;
  const cloud = connectLocalServer({ socketPath, root, address });
  started.defer(() => cloud.close());
  started.defer(stopRigs);
  const all = started.move();
  return { engine, root, cloud, dispose: () => all.disposeAsync() };
};

/** A server of a farm of its own, over ssh. */
const startFarmServer = async (): Promise<RealServer> => {
  await using started = new AsyncDisposableStack();
  const farm = started.use(await startFarm([{ docker: true }]));
  const { engine, address: host, root } = farm.servers[0] as FarmServer;
  const login = { host, username: 'alfa', credentials: async () => farm.keys.ed25519 };
  const cloud = connectSshServer({ ...login, root });
  started.defer(() => cloud.close());
  started.defer(stopRigs);
  const all = started.move();
  return { engine, root, cloud, dispose: () => all.disposeAsync() };
};

/** What must be the same on every server is tested on one of each kind. */
export const kindsOfServers: readonly [string, () => Promise<RealServer>][] = [
  ['local', () => startRealServer()],
  ['ssh', startFarmServer],
];

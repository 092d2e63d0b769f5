import { connectLocalServer, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  startDockerEngine,
  temporaryDirectory,
  type DockerEngine,
  type DockerEngineOptions,
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

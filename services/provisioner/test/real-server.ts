import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectLocalServer, connectSshServer, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  startDockerEngine,
  startFarm,
  temporaryDirectory,
  walkExtent,
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
  /** Runs a program on it as root, not by way of `cloud`, and gives its output. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Everything on it ends at once, and it comes up again. */
  cutPower(): Promise<void>;
  /** For `afterAll`: ends the rigs, then the engine with everything on it, then removes the files. */
  dispose(): Promise<void>;
}

export interface RealServerOptions extends Pick<DockerEngineOptions, 'ownNetwork'> {
  /** Its backups lie on a disk of their own, of 8 MB. Default false. */
  readonly smallBackups?: boolean;
}

const onThisMachine = async (program: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 ** 2 })).stdout;

/** Mounts the disk for the backups. An engine that is to see it starts afterwards. */
const mountSmallDisk = async (run: RealServer['run'], directory: string): Promise<void> => {
  await run('mkdir', '-p', directory);
  await run('mount', '-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', directory);
};

/** A server with a Docker Engine of its own, on this machine. */
export const startRealServer = async ({
  smallBackups = false,
  ...options
}: RealServerOptions = {}): Promise<RealServer> => {
  await using started = new AsyncDisposableStack();
  const { path: root } = started.use(await temporaryDirectory('alfa-provisioner-'));
  if (smallBackups) {
    const directory = join(root, 'backups');
    await mountSmallDisk(onThisMachine, directory);
    started.defer(async () => void (await onThisMachine('umount', directory)));
  }
  const engine = started.use(await startDockerEngine(options));
  const { socketPath, address } = engine;
  const cloud = connectLocalServer({ socketPath, root, address });
  started.defer(() => cloud.close());
  started.defer(stopRigs);
  const all = started.move();
  const cutPower = async () => {
    await engine.powerOff();
    await engine.start();
  };
  return { engine, root, cloud, run: onThisMachine, cutPower, dispose: () => all.disposeAsync() };
};

/** A server of a farm of its own, over ssh. It has a network of its own whatever is asked for. */
const startFarmServer = async ({ smallBackups = false }: RealServerOptions = {}): Promise<RealServer> => {
  await using started = new AsyncDisposableStack();
  const farm = started.use(await startFarm([{ docker: true }]));
  const machine = farm.servers[0] as FarmServer;
  const { engine, address: host, root } = machine;
  const run: RealServer['run'] = (program, ...args) => machine.run(program, ...args);
  if (smallBackups) {
    await mountSmallDisk(run, `${root}/backups`);
    await run('chown', 'alfa', `${root}/backups`);
  }
  const login = { host, username: 'alfa', credentials: async () => farm.keys.ed25519 };
  const cloud = connectSshServer({ ...login, root });
  started.defer(() => cloud.close());
  started.defer(stopRigs);
  const all = started.move();
  const cutPower = () => machine.reboot();
  return { engine, root, cloud, run, cutPower, dispose: () => all.disposeAsync() };
};

type Kind = readonly [string, (options?: RealServerOptions) => Promise<RealServer>];

export const allKindsOfServers: readonly Kind[] = [
  ['local', startRealServer],
  ['ssh', startFarmServer],
];

/**
 * What must be the same on every server is tested on one of each kind by `ALFA_TEST_WALK=full`, else on this machine's. What the transport makes
 * different is tested in `libs/cloud-server` on both, and by whole products in `embedded`.
 */
export const kindsOfServers: readonly Kind[] = walkExtent(process.env, new Date()).isFull
  ? allKindsOfServers
  : allKindsOfServers.slice(0, 1);

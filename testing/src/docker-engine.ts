import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import Docker from 'dockerode';

import { ensureImages } from '../images/ensure-images.ts';
import { cleanEngine } from './engine/clean-engine.ts';
import type { Daemon } from './engine/daemon.ts';
import { socketPathOf, startDaemon } from './engine/daemon.ts';
import type { Machine } from './engine/machine.ts';
import type { Site } from './engine/site.ts';
import { ownNetworkSite, hostNetworkSite } from './engine/site.ts';
import type { Slot } from './engine/slot.ts';
import { takeSlot } from './engine/slot.ts';

export interface DockerEngineOptions {
  /** Load the rig's images (default); `false` leaves whatever the data root has. */
  readonly images?: boolean;
  /**
   * A network of its own with the packet filter rules that Docker makes on a real server, which keep networks apart. Default `false`: the host's
   * network, where containers of different networks do not reach one another since nothing is forwarded.
   */
  readonly ownNetwork?: boolean;
  /** Lowest number of the place to take, 1 to 16; default 1. A place with a high number is not taken by others as soon as it is free. */
  readonly firstSlot?: number;
  readonly log?: (line: string) => void;
}

/**
 * A Docker Engine for tests: its own data, socket and addresses, shared with nobody and independent of a system's own.
 * Published ports answer on {@link DockerEngine.address}, containers find one another by name on networks that they share.
 */
export interface DockerEngine extends AsyncDisposable {
  readonly socketPath: string;
  readonly docker: Docker;
  /** Where published ports answer: 127.0.0.1, or with a network of its own the engine's address there. */
  readonly address: string;
  /** What is outside for the engine's containers: this process, under an address that they reach. `undefined` on the host's network. */
  readonly outside: string | undefined;
  /** Process id of dockerd, `undefined` while it does not run. */
  readonly pid: number | undefined;
  /** kill -9 of dockerd; its containers go on. */
  kill(): Promise<void>;
  /** dockerd and every container end at once, like a pulled plug. */
  powerOff(): Promise<void>;
  /** Ends dockerd in good order; it stops its containers first. */
  stop(): Promise<void>;
  /** Starts it again on the same data and socket; nothing to do while it runs. */
  start(): Promise<void>;
  /** Removes containers, networks, volumes, bridges, mounts and directories. The images stay in the cache. */
  dispose(): Promise<void>;
}

/** Starts an engine that ends with this process at the latest. Needs root. */
export const startDockerEngine = (options: DockerEngineOptions = {}): Promise<DockerEngine> =>
  startEngineAt(options.ownNetwork === true ? ownNetworkSite : hostNetworkSite, options);

/** The same on a site of the caller's. */
export async function startEngineAt(
  siteOf: (slot: Slot) => Site,
  options: Pick<DockerEngineOptions, 'images' | 'log' | 'firstSlot'>,
): Promise<DockerEngine> {
  const slot = await takeSlot(options.firstSlot);
  const engine = new RigEngine(slot, siteOf(slot));
  try {
    await engine.open();
    if (options.images !== false) {
      await ensureImages({ socketPath: engine.socketPath, ...(options.log ? { log: options.log } : {}) });
    }
    return engine;
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

class RigEngine implements DockerEngine {
  readonly docker: Docker;
  readonly socketPath: string;
  readonly address: string;
  readonly outside: string | undefined;
  readonly #slot: Slot;
  readonly #site: Site;
  #machine: Machine | undefined;
  #daemon: Daemon | undefined;

  constructor(slot: Slot, site: Site) {
    this.#slot = slot;
    this.#site = site;
    this.address = site.address;
    this.outside = site.outside;
    this.socketPath = socketPathOf(slot);
    this.docker = new Docker({ socketPath: this.socketPath });
  }

  get pid(): number | undefined {
    return this.#daemon?.pid;
  }

  /** First start on a data root that a killed run may have left in any state. */
  async open(): Promise<void> {
    await this.#site.prepare();
    try {
      await this.start();
      await cleanEngine(this.docker);
    } catch {
      // The data root holds nothing that the cache cannot give again.
      await this.powerOff();
      await rm(this.#slot.dataRoot, { recursive: true, force: true });
      await this.start();
    }
  }

  async start(): Promise<void> {
    if (this.#daemon !== undefined) return;
    this.#machine ??= await this.#site.boot(join(this.#slot.runFolder, 'machine.pid'));
    this.#daemon = await startDaemon(this.#machine, this.#slot, this.#site);
  }

  async kill(): Promise<void> {
    await this.#daemon?.end('SIGKILL');
    this.#daemon = undefined;
  }

  async stop(): Promise<void> {
    await this.#daemon?.end('SIGTERM');
    this.#daemon = undefined;
  }

  async powerOff(): Promise<void> {
    await this.#machine?.powerOff();
    this.#machine = undefined;
    this.#daemon = undefined;
    // Run-time state does not survive a power cut on a real server either: it lives in memory there.
    await rm(join(this.#slot.runFolder, 'exec'), { recursive: true, force: true });
  }

  async dispose(): Promise<void> {
    if (this.#daemon !== undefined) await cleanEngine(this.docker).catch(() => {});
    await this.stop();
    await this.powerOff();
    await this.#slot.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

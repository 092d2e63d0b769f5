import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { commandLine } from '../child-process.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { startEngineAt } from '../docker-engine.ts';
import type { Machine } from '../engine/machine.ts';
import type { Slot } from '../engine/slot.ts';
import { startMachine } from '../engine/machine.ts';
import { eventually } from '../eventually.ts';
import { runCommand } from '../run-command.ts';
import type { Cable } from './cable.ts';
import { cut, mend, plugIn, slowDown, speedUp } from './cable.ts';
import { emptyDisk, fillDisk, makeDisk } from './disk.ts';
import { isThere, obeyReboots, type ObeyedReboots, type RebootOptions } from './reboots.ts';
import type { KeyType } from './keys.ts';
import { keyTypes, makeKey } from './keys.ts';
import { hostKeyFile, killSshd, linesOfNewConnections, logOf, processesOf, startSshd } from './sshd.ts';
import { writeUsers } from './users.ts';

export interface FarmServerOptions {
  /** Whether it has a Docker Engine (default: an sshd alone, which is up in a second). `bare`: without the rig's images. */
  readonly docker?: boolean | 'bare';
  /** The volumes of its Docker Engine lie on a disk of their own, of so many MB. Default: on the host's. */
  readonly volumesMb?: number;
  /** Size of the disk for Alfa Cloud's root directory, in MB. Default 64. */
  readonly diskMb?: number;
  /** Lines for its sshd_config: `MaxSessions 2`. They win over the usual ones. */
  readonly sshd?: readonly string[];
}

/** Where a disk for volumes is mounted, in the machine. */
const volumesDisk = '/run/volumes';

/**
 * The engine mounts its data root over itself unless that is done, and would cover the disk. What a file system has in its root, `lost+found`, it would
 * take for a volume. Without barriers, as nothing there outlasts the host: a database is as quick as on the host's disk.
 */
const mountVolumes = `mount --bind "$2" "$2" && mount --make-shared "$2"
mkdir -p "$1" "$2/volumes" && mount -o loop,nobarrier "$0" "$1"
mkdir -p "$1/docker" && mount --bind "$1/docker" "$2/volumes"`;

/**
 * A cloud server for tests: a machine with address, users, disk, sshd and, if wanted, Docker Engine of its own. Alfa Cloud's root directory
 * there is /srv/alfa, on a small disk that outlasts reboots. It ends with this process at the latest.
 */
export class FarmServer {
  readonly address: string;
  readonly port = 22;
  readonly root = '/srv/alfa';
  readonly #name: string;
  readonly #folder: string;
  readonly #cable: Cable;
  #settings: readonly string[];
  #hostKeys = new Map<KeyType, string>();
  #engine: DockerEngine | undefined;
  #machine: Machine | undefined;

  private constructor(cable: Cable, folder: string, settings: readonly string[]) {
    this.#name = cable.name;
    this.#folder = folder;
    this.#cable = cable;
    this.address = cable.address;
    this.#settings = settings;
  }

  static async start(cable: Cable, folder: string, options: FarmServerOptions = {}): Promise<FarmServer> {
    const server = new FarmServer(cable, folder, options.sshd ?? []);
    await mkdir(folder, { mode: 0o711 });
    await Promise.all([
      writeUsers(folder),
      makeDisk(join(folder, 'disk.img'), options.diskMb ?? 64),
      options.volumesMb === undefined ? null : makeDisk(volumesImage(folder), options.volumesMb),
      server.#makeHostKeys(),
    ]);
    try {
      if (options.docker !== undefined && options.docker !== false) {
        const siteOf = ({ dataRoot }: Slot) =>
          server.#site(options.volumesMb === undefined ? null : dataRoot);
        server.#engine = await startEngineAt(siteOf, { images: options.docker !== 'bare' });
      }
      await server.boot();
      return server;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  get engine(): DockerEngine {
    if (this.#engine === undefined) throw new Error(`${this.#name} was started without Docker`);
    return this.#engine;
  }

  /** The public key that sshd shows: `ssh-ed25519 AAAA…`. */
  hostKey(type: KeyType): string {
    return this.#hostKeys.get(type) ?? '';
  }

  /** Other host keys of all types, as after an installation anew. Connections that are open stay. */
  async changeHostKeys(): Promise<void> {
    await this.#makeHostKeys();
    await this.restartSshd();
  }

  /** sshd's log since the server was made, at level VERBOSE. */
  sshdLog(): Promise<string> {
    return readFile(logOf(this.#folder), 'utf8');
  }

  /**
   * What sshd writes of the connections that begin after this call, once all of them have ended. Lines of earlier connections are left out: sshd writes
   * of their end at any time after it.
   */
  async nextConnections(): Promise<() => Promise<string>> {
    const before = (await this.sshdLog()).length;
    return () =>
      eventually('the connections to have ended', async () =>
        linesOfNewConnections((await this.sshdLog()).slice(before)),
      );
  }

  /** TCP connections to sshd that are open, as the server counts. */
  async connections(): Promise<number> {
    const lines = await this.run('ss', '-Htn', 'state', 'established', 'sport', '=', `:${this.port}`);
    return lines.split('\n').filter((line) => line !== '').length;
  }

  /** Command lines of what runs on the server outside of containers. */
  async processes(): Promise<string[]> {
    return Promise.all((await processesOf(this.#running)).map(commandLine));
  }

  /** Runs a program there as root, not through sshd, and gives its output. */
  run(program: string, ...args: string[]): Promise<string> {
    const spaces = ['--target', String(this.#running.init), '--net', '--mount', '--pid'];
    return runCommand('nsenter', [...spaces, program, ...args]);
  }

  /** Nothing passes between us any more, and neither side is told. */
  cutCable = async (): Promise<void> => void (await cut(this.#cable));
  mendCable = async (): Promise<void> => void (await mend(this.#cable));

  /** A link of so many kilobits a second, until {@link FarmServer.speedUp}. A reboot ends it too. */
  slowDown = (kilobits: number): Promise<void> => slowDown(this.#cable, this.#running.init, kilobits);
  speedUp = (): Promise<void> => speedUp(this.#cable, this.#running.init);

  /** Takes all space on the disk that /srv/alfa is on. */
  fillDisk = (): Promise<void> => fillDisk(this, '/srv');
  emptyDisk = (): Promise<void> => emptyDisk(this, '/srv');

  /** The same of the disk that {@link FarmServerOptions.volumesMb} has given it. */
  fillVolumes = (): Promise<void> => fillDisk(this, volumesDisk);
  emptyVolumes = (): Promise<void> => emptyDisk(this, volumesDisk);

  /** kill -9 of sshd with all its sessions; the commands that they have started go on. */
  killSshd(): Promise<void> {
    return killSshd(this.#running);
  }

  startSshd(): Promise<void> {
    return startSshd(this.#running, this.#folder, this.address, this.#settings);
  }

  /** With other settings if they are given. Ends all sessions. */
  async restartSshd(settings = this.#settings): Promise<void> {
    this.#settings = settings;
    await this.killSshd();
    await eventually('sshd to be gone', async () =>
      (await this.processes()).every((line) => !line.startsWith('sshd')),
    );
    await this.startSshd();
  }

  /** Ends every process and every container at once, like a pulled plug. */
  async powerOff(): Promise<void> {
    await (this.#engine ?? this.#machine)?.powerOff();
    this.#machine = undefined;
  }

  /** Nothing to do while it runs. */
  async boot(): Promise<void> {
    if (this.#engine !== undefined) await this.#engine.start();
    else this.#machine ??= await this.#bootMachine(join(this.#folder, 'machine.pid'));
    const runs = (await this.processes()).some((line) => line.startsWith('sshd'));
    if (!runs) await this.startSshd();
  }

  async reboot(): Promise<void> {
    await this.powerOff();
    await this.boot();
  }

  /**
   * From now on `systemctl reboot` there reboots it, as it does on a real server.
   * @param options.whileOff done before it comes up again
   * @param options.staysOff it goes down and does not come up again
   */
  obeyReboots({ whileOff, staysOff = false }: RebootOptions = {}): ObeyedReboots {
    return obeyReboots({
      isWanted: async () =>
        this.#machine !== undefined && (await isThere(`/proc/${this.#machine.init}/root/run/reboot-wanted`)),
      reboot: async () => {
        await this.powerOff();
        await whileOff?.();
        if (!staysOff) await this.boot();
      },
    });
  }

  async dispose(): Promise<void> {
    await this.powerOff();
    await this.#engine?.dispose();
  }

  get #running(): Machine {
    if (this.#machine === undefined) throw new Error(`${this.#name} is off`);
    return this.#machine;
  }

  /** @param dataRoot of an engine whose volumes lie on a disk of their own; null: they do not */
  #site(dataRoot: string | null) {
    return {
      ownNetwork: true,
      // The machine has a /run of its own, where this is the usual place.
      sockets: ['/run/docker.sock'],
      address: this.address,
      outside: this.#cable.gateway,
      prepare: async () => {},
      boot: async (pidFile: string) => {
        const machine = await this.#bootMachine(pidFile);
        if (dataRoot !== null) await this.#mountVolumes(dataRoot);
        return machine;
      },
    };
  }

  async #mountVolumes(dataRoot: string): Promise<void> {
    await this.run('sh', '-eu', '-c', mountVolumes, volumesImage(this.#folder), volumesDisk, dataRoot);
  }

  async #bootMachine(pidFile: string): Promise<Machine> {
    const furnish = ['sh', join(import.meta.dirname, 'boot.sh'), this.#folder];
    const machine = await startMachine(this.#name, pidFile, { ownNetwork: true, furnish });
    await plugIn(this.#cable, machine.init);
    this.#machine = machine;
    return machine;
  }

  async #makeHostKeys(): Promise<void> {
    for (const type of keyTypes) {
      const { publicKey } = await makeKey(hostKeyFile(this.#folder, type), type);
      this.#hostKeys.set(type, publicKey);
    }
  }
}

const volumesImage = (folder: string): string => join(folder, 'volumes.img');

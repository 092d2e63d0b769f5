import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDockerEngine, startFarm, temporaryDirectory, type DockerEngine } from '@alfa-cloud/testing';
import { connectLocalServer, connectSshServer, type CloudServer } from '../src/index.ts';

const execute = promisify(execFile);

/** A server to test, and a hold on it that does not go through what is tested. */
export interface Target {
  server: CloudServer;
  /** Its Docker Engine, when it was asked for. */
  engine: DockerEngine;
  /** Alfa Cloud's directory there. */
  root: string;
  /** Runs a program on the server as root and gives its output. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Cuts the way to it, which is there again afterwards; what runs on the server goes on. Absent: there is none that could be cut. */
  cut?(): Promise<void>;
  dispose(): Promise<void>;
}

interface TargetOptions {
  /** `bare`: without the rig's images. */
  docker: boolean | 'bare';
}

const local = async ({ docker }: TargetOptions): Promise<Target> => {
  const directory = await temporaryDirectory();
  const engine = docker === false ? undefined : await startDockerEngine({ images: docker !== 'bare' });
  const root = join(directory.path, 'root');
  const server = connectLocalServer({ socketPath: engine?.socketPath ?? '/nonexistent/docker.sock', root });
  return {
    server,
    engine: engine as DockerEngine,
    root,
    run: async (program, ...args) => (await execute(program, args)).stdout,
    async dispose() {
      await server.close();
      await engine?.dispose();
      await directory.remove();
    },
  };
};

const overSsh = async ({ docker }: TargetOptions): Promise<Target> => {
  const farm = await startFarm([{ docker }]);
  const [machine] = farm.servers;
  if (machine === undefined) throw new Error('no server');
  const root = `${machine.root}/clients`;
  const login = { host: machine.address, username: 'alfa', credentials: async () => farm.keys.ed25519 };
  const server = connectSshServer({ ...login, hostKey: machine.hostKey('ed25519'), root });
  return {
    server,
    engine: docker === false ? (undefined as unknown as DockerEngine) : machine.engine,
    root,
    run: (program, ...args) => machine.run(program, ...args),
    async cut() {
      await machine.killSshd();
      await machine.startSshd();
    },
    async dispose() {
      await server.close();
      await farm.dispose();
    },
  };
};

/** The same tests run on each of them. */
export const targets: readonly [string, (options: TargetOptions) => Promise<Target>][] = [
  ['local', local],
  ['over ssh', overSsh],
];

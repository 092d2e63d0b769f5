import Docker from 'dockerode';

import { startDockerEngine } from './docker-engine.ts';

/** A Docker Engine to work with: the system's own, or one that lives as long as this process. */
export interface AvailableDocker extends AsyncDisposable {
  readonly socketPath: string;
  /** Whether it was started by this process and ends with it. */
  readonly started: boolean;
  dispose(): Promise<void>;
}

const systemSocket = '/var/run/docker.sock';

/** Uses the system's engine when it answers; otherwise starts one, for which this process must be root. */
export async function ensureDocker({
  log = () => {},
}: { log?: (line: string) => void } = {}): Promise<AvailableDocker> {
  const answers = await new Docker({ socketPath: systemSocket, timeout: 5000 }).ping().then(
    () => true,
    () => false,
  );
  if (answers) {
    const dispose = async () => {};
    return { socketPath: systemSocket, started: false, dispose, [Symbol.asyncDispose]: dispose };
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      `no Docker Engine answers on ${systemSocket}; start one, or run this as root to have one started`,
    );
  }
  log('no Docker Engine answers: starting one for as long as this runs');
  const engine = await startDockerEngine({ images: false });
  const dispose = () => engine.dispose();
  return { socketPath: engine.socketPath, started: true, dispose, [Symbol.asyncDispose]: dispose };
}

import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CloudServer } from '../cloud-server.ts';
import { createDockerodeEngine } from '../docker/dockerode-engine.ts';
import { EngineAgent } from '../docker/engine-agent.ts';
import { localFiles } from './local-files.ts';
import { takeMeasurements } from '../measurements/take-measurements.ts';
import { rebootLocally } from './local-reboot.ts';
import { runLocally } from './local-probe.ts';
import { getFromPort } from './port-request.ts';

export interface LocalServerOptions {
  /** Unix socket of the Docker API. */
  socketPath: string;
  /** Alfa Cloud's directory on the server; the same path must mean the same directory to this process and to the Docker Engine. */
  root: string;
  /** Where the ports that containers publish can be reached. Default `127.0.0.1`. */
  address?: string;
}

/** Agent whose every connection goes to a Unix socket. */
class UnixSocketAgent extends EngineAgent {
  readonly #socketPath: string;
  constructor(socketPath: string) {
    super(socketPath);
    this.#socketPath = socketPath;
  }
  override createConnection(): Duplex {
    return connect({ path: this.#socketPath });
  }
}

/** The machine that this process runs on, by its Docker socket and its file system. Connects with the first call. */
export const connectLocalServer = ({
  socketPath,
  root,
  address = '127.0.0.1',
}: LocalServerOptions): CloudServer => {
  const agent = new UnixSocketAgent(socketPath);
  return {
    access: { kind: 'local' },
    docker: createDockerodeEngine(agent),
    files: localFiles(root),
    measure: (options) => takeMeasurements(runLocally, root, options),
    get: (request, options) => getFromPort(address, request, options),
    reboot: rebootLocally,
    close: async () => agent.destroy(),
  };
};

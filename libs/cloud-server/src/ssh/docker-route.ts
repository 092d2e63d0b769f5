import { message } from '@alfa-cloud/contracts';
import { Agent, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorMessage, withDeadline } from '@alfa-cloud/service-kit';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';
import type { Commands } from './commands.ts';
import { lookAround, nameOfWay, systemSocket, waysToDocker, whyNot, type DockerWay } from './docker-ways.ts';
import type { LiveConnection } from './live-connection.ts';
import { isOpenFailure } from './open-channel.ts';
import { commandLine } from './quote.ts';
import type { SshConnection } from './ssh-connection.ts';

const pingMs = 5000;
const findMs = 30_000;

/** What came of trying one way to the Docker Engine. */
export interface TriedWay {
  /** For people: `forwarded socket /var/run/docker.sock`. */
  way: string;
  /** Null: it leads there, and is used from then on. */
  failure: string | null;
}

/** Finds how the Docker Engine of a server is reached, once, and opens connections to it. */
export class DockerRoute {
  readonly #connection: SshConnection;
  readonly #commands: Commands;
  #found: { live: LiveConnection; way: Promise<DockerWay> } | undefined;
  #tried: TriedWay[] = [];

  constructor(connection: SshConnection, commands: Commands) {
    this.#connection = connection;
    this.#commands = commands;
  }

  /** The ways that were tried, in order. Empty before the first call to Docker. */
  get tried(): readonly TriedWay[] {
    return this.#tried;
  }

  async open(signal: AbortSignal): Promise<Duplex> {
    const live = await this.#connection.live(signal);
    // With a new connection the user may have other rights, and the server other settings.
    if (this.#found?.live !== live) this.#found = { live, way: this.#begin() };
    const { way } = this.#found;
    return openBy(live, await withDeadline(findMs, 'way to Docker', () => way, signal), signal).catch(
      (error: unknown) => {
        if (!isOpenFailure(error)) throw error;
        this.#found = undefined;
        const words = message`${this.#connection.server} does not connect us to its Docker Engine`;
        throw new CloudServerError('transient', 'docker_unreachable', words, { cause: error });
      },
    );
  }

  #begin(): Promise<DockerWay> {
    const way = withDeadline(findMs, 'way to Docker', (signal) => this.#find(signal));
    // Docker may be started, or the user be let in, before the next call.
    way.catch(() => (this.#found = undefined));
    return way;
  }

  async #find(signal: AbortSignal): Promise<DockerWay> {
    this.#tried = [];
    const usual: DockerWay = { kind: 'socket', path: systemSocket };
    if (await this.#leads(usual, signal)) return usual;
    const surroundings = await lookAround(this.#commands, { signal });
    for (const way of waysToDocker(surroundings)) {
      const isUsual = way.kind === 'socket' && way.path === systemSocket;
      if (!isUsual && (await this.#leads(way, signal))) return way;
    }
    const { final, words } = whyNot(this.#connection.username, surroundings);
    const tried = this.#tried.map(({ way }) => way).join(', ');
    throw new CloudServerError(
      final ? 'final' : 'transient',
      final ? 'docker_refused' : 'docker_unreachable',
      message`The Docker Engine of ${this.#connection.server} can't be used: ${words} (tried: ${tried})`,
    );
  }

  /** What keeps us from the server itself is thrown: then no way leads anywhere. */
  async #leads(way: DockerWay, signal: AbortSignal): Promise<boolean> {
    const tried = { way: nameOfWay(way), failure: null as string | null };
    this.#tried.push(tried);
    try {
      const live = await this.#connection.live(signal);
      await withDeadline(pingMs, 'answer of Docker', (signal) => ping(live, way, signal), signal);
      return true;
    } catch (error) {
      if (signal.aborted || isCloudServerError(error)) throw error;
      tried.failure = errorMessage(error);
      return false;
    }
  }
}

const openBy = (live: LiveConnection, way: DockerWay, signal: AbortSignal): Promise<Duplex> =>
  way.kind === 'dial' ? live.commandSocket(dialLine(way), signal) : live.unixSocket(way.path, signal);

const ping = async (live: LiveConnection, way: DockerWay, signal: AbortSignal): Promise<void> => {
  const socket = await openBy(live, way, signal);
  const agent = new Agent();
  agent.createConnection = () => socket;
  try {
    await new Promise<void>((resolve, reject) => {
      const asked = request({ agent, host: 'docker', path: '/_ping', signal }, (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else reject(new Error(`it answered ${response.statusCode}`));
      });
      asked.once('error', reject);
      asked.end();
    });
  } finally {
    socket.destroy();
  }
};

const dialLine = ({ path, asRoot }: DockerWay & { kind: 'dial' }): string =>
  `exec ${commandLine([...(asRoot ? ['sudo', '-n'] : []), 'docker', '--host', `unix://${path}`, 'system', 'dial-stdio'])}`;

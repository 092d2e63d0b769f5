import { message, type Message } from '@alfa-cloud/contracts';
import type { Duplex } from 'node:stream';
import type { CallOptions } from '../call-options.ts';
import { isCloudServerError } from '../cloud-server-error.ts';
import type { CloudServer, PortRequest } from '../cloud-server.ts';
import type { JumpAccess, SshAccess } from './ssh-access.ts';
import { createDockerodeEngine } from '../docker/dockerode-engine.ts';
import { getFromPort } from '../local/port-request.ts';
import { takeMeasurements } from '../measurements/take-measurements.ts';
import { sshCommands, type Commands } from './commands.ts';
import { DockerAgent } from './docker-agent.ts';
import { DockerRoute } from './docker-route.ts';
import { publicKeyOf } from './key-pair.ts';
import { isForbidden } from './open-channel.ts';
import { sftpFiles } from './sftp-files.ts';
import { sshCall } from './ssh-call.ts';
import { sshFailure } from './ssh-failure.ts';
import { rebootOverSsh } from './ssh-reboot.ts';
import { SshConnection, type SshConnectionOptions } from './ssh-connection.ts';
import { makeRoot, surveyServer } from './survey.ts';
import { Work } from './work.ts';

export interface SshServerOptions extends SshConnectionOptions {
  /** A jump host of this server alone: connected to and closed with it. */
  jump?: Omit<SshConnectionOptions, 'via'>;
  /** Alfa Cloud's directory on the server, where the login user may write. */
  root: string;
}

/** A server over ssh, with what only such a one has. */
export interface SshCloudServer extends CloudServer {
  readonly access: SshAccess;
  readonly commands: Commands;
  /**
   * Takes no new work, waits for what runs (at most `deadlineMs`, default 60 s), then closes: for a change of address, user or key. Those who
   * follow events are told that the connection has ended.
   */
  drain(deadlineMs?: number): Promise<void>;
}

const drainMs = 60_000;
const connectMs = 30_000;
const accessMs = 15_000;

/** Not so when the server is refused: who answers there may be somebody else. */
const isUnreachable = (error: unknown): boolean =>
  isCloudServerError(error) && error.code === 'server_unreachable';

/**
 * A server over one ssh connection, which is made with the first call and anew after it was lost.
 * @throws CloudServerError `key_unusable` when the pinned host key is none
 */
export const connectSshServer = ({ root, jump, ...options }: SshServerOptions): SshCloudServer => {
  const jumpConnection = jump && new SshConnection(jump);
  const connection = new SshConnection({ ...options, ...(jumpConnection && { via: jumpConnection }) });
  const commands = sshCommands(connection);
  const route = new DockerRoute(connection, commands);
  const agent = new DockerAgent(connection, route);
  const openPort =
    (port: number) =>
    async (signal: AbortSignal): Promise<Duplex> => {
      try {
        const live = await connection.live(signal);
        return await live.tcpSocket('127.0.0.1', port, signal);
      } catch (error) {
        // Without forwarding, or while sshd is away, the port has to be open to us, as it is to visitors.
        if (isForbidden(error) || isUnreachable(error)) return connection.reach(port, signal);
        throw error;
      }
    };
  const own = accessOf(connection, options);
  const { connect } = own;
  const work = new Work();
  const counted = work.counted({
    reboot: rebootOverSsh(connect, commands),
    measure: (options?: CallOptions) =>
      takeMeasurements((request, how) => commands.run(request, how), root, options),
    get: (request: PortRequest, options?: CallOptions) =>
      getFromPort(openPort(request.port), request, options),
  });
  const close = async (): Promise<void> => {
    connection.close();
    jumpConnection?.close();
    agent.destroy();
  };
  return {
    measure: counted.measure,
    get: counted.get,
    reboot: counted.reboot,
    commands: work.counted(commands),
    // Nobody waits for the end of what never ends.
    docker: work.counted(createDockerodeEngine(agent), ['followEvents']),
    files: work.counted(sftpFiles(connection, commands, root), ['absolute']),
    access: {
      ...own,
      kind: 'ssh',
      root,
      jump: jump && jumpConnection ? accessOf(jumpConnection, jump) : null,
      survey: (options) =>
        accessCall(connection, message`look around`, options, (signal) =>
          surveyServer(commands, root, { signal }),
        ),
      makeRoot: (options) =>
        accessCall(connection, message`make directory ${root}`, options, (signal) =>
          makeRoot(commands, { root, username: connection.username }, { signal }),
        ),
      get link() {
        return connection.link;
      },
      get dockerWays() {
        return route.tried;
      },
    },
    async drain(deadlineMs = drainMs) {
      await work.end(deadlineMs);
      await close();
    },
    close,
  };
};

const accessOf = (connection: SshConnection, { credentials }: SshConnectionOptions): JumpAccess => ({
  server: connection.server,
  username: connection.username,
  connect: (options) =>
    accessCall(
      connection,
      message`connect`,
      { deadlineMs: connectMs, ...options },
      async (signal) => (await connection.live(signal)).hostKey,
    ),
  showHostKey: (options) =>
    accessCall(connection, message`ask for the host key`, options, (signal) =>
      connection.showHostKey(signal),
    ),
  publicKey: async () => publicKeyOf(await credentials()),
});

const accessCall = <T>(
  { server }: SshConnection,
  what: Message,
  options: CallOptions | undefined,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  sshCall(what, { deadlineMs: accessMs, ...options }, act, (error) => sshFailure(server, error));

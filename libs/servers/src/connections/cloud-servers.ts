import {
  connectLocalServer,
  connectSshServer,
  type CloudServer,
  type LocalServerOptions,
  type SshCloudServer,
  type SshConnectionOptions,
  type SshCredentials,
} from '@alfa-cloud/cloud-server';
import type { Connection, HostKeyOwner, Login } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, type Logger } from '@alfa-cloud/service-kit';
import type { RegisteredServer } from '../server/server-state.ts';
import { recordHostKey, recordRefusedHostKey } from './host-keys.ts';
import { openCredentials } from './ssh-credentials.ts';

/** Connections to servers, one for each server in this process. */
export interface CloudServers {
  /**
   * Connects at the first call, so a server that is away is no failure here. What is given out stays usable when address, user or key are
   * changed: calls that begin later go by the new connection, those under way end over the old one.
   */
  of(server: Pick<RegisteredServer, 'id' | 'connection' | 'connectionVersion'>): CloudServer;
  close(): Promise<void>;
}

export interface CloudServersConfig {
  /** The server with connection `local`. */
  local: LocalServerOptions;
  /** Alfa Cloud's directory on servers over ssh. */
  sshRoot: string;
}

export interface CloudServersDeps {
  store: EventStore;
  vault: Vault;
  logger: Logger;
}

/** Connections to what is not asked for so long are ended: the server was removed. Every other one is looked at each minute. */
const forgottenMs = 15 * 60_000;
/** Longest time that work goes on over a connection that was replaced. */
const drainMs = 6 * 3_600_000;

type OpenConnection = CloudServer & Partial<Pick<SshCloudServer, 'drain'>>;

interface Slot {
  version: number;
  connection: OpenConnection;
  askedAt: number;
  /** What is given out: the server by whatever connection is the current one. */
  facade: CloudServer;
}

/**
 * Connects to a server that nobody has registered yet, or in another way than recorded; whoever asks closes the connection.
 * @param open opens the sealed credentials of a login
 */
export type TryConnection = (
  connection: Connection,
  open: (sealed: string | undefined) => Promise<SshCredentials>,
) => CloudServer;

export const createTryConnection =
  ({ local, sshRoot }: CloudServersConfig): TryConnection =>
  (connection, open) => {
    if (connection.kind === 'local') return connectLocalServer(local);
    const { jump } = connection;
    const by = (login: Login): SshConnectionOptions => ({
      ...addressOf(login),
      credentials: () => open(login.credentials),
    });
    return connectSshServer({
      ...by(connection),
      ...(jump === undefined ? {} : { jump: by(jump) }),
      root: sshRoot,
    });
  };

const addressOf = ({ host, port, username, hostKey }: Login) => ({
  host,
  username,
  ...(port === undefined ? {} : { port }),
  ...(hostKey === undefined ? {} : { hostKey }),
});

/** Connections of this process. */
export const createCloudServers = (config: CloudServersConfig, deps: CloudServersDeps): CloudServers => {
  const slots = new Map<string, Slot>();
  const ending = new Set<OpenConnection>();

  const end = async (connection: OpenConnection): Promise<void> => {
    ending.add(connection);
    try {
      await (connection.drain?.(drainMs) ?? connection.close());
    } catch (error) {
      deps.logger.warn({ reason: errorMessage(error) }, 'a connection to a server could not be ended');
    } finally {
      ending.delete(connection);
    }
  };
  const endForgotten = (now: number): void => {
    for (const [id, { askedAt, connection }] of slots) {
      if (now - askedAt < forgottenMs) continue;
      slots.delete(id);
      void end(connection);
    }
  };

  return {
    of(server) {
      const { id, connectionVersion: version } = server;
      const askedAt = performance.now();
      const known = slots.get(id);
      const slot = known ?? newSlot(version, connect(config, deps, server));
      // A record that was read before the last change must not bring the former connection back.
      if (slot.version < version) {
        void end(slot.connection);
        Object.assign(slot, { version, connection: connect(config, deps, server) });
      }
      slot.askedAt = askedAt;
      slots.set(id, slot);
      endForgotten(askedAt);
      return slot.facade;
    },
    async close() {
      const all = [...[...slots.values()].map(({ connection }) => connection), ...ending];
      slots.clear();
      await Promise.all(all.map((connection) => connection.close()));
    },
  };
};

const newSlot = (version: number, connection: OpenConnection): Slot => {
  const slot: Slot = { version, connection, askedAt: 0, facade: throughCurrent(() => slot.connection) };
  return slot;
};

const connect = (
  { local, sshRoot }: CloudServersConfig,
  { store, vault, logger }: CloudServersDeps,
  { id: serverId, connection, connectionVersion }: Parameters<CloudServers['of']>[0],
): OpenConnection => {
  if (connection.kind === 'local') return connectLocalServer(local);
  const optionsOf = (login: Login, of: HostKeyOwner): SshConnectionOptions => {
    const whose = { serverId, connectionVersion, of };
    let isPinned = login.hostKey !== undefined;
    return {
      ...addressOf(login),
      credentials: () => openCredentials(vault, login.credentials),
      async onHostKey(hostKey) {
        try {
          await recordHostKey(store, whose, hostKey);
          isPinned = true;
        } catch (error) {
          if (!isPinned) throw error;
          // It is the pinned one; that it was shown again can be recorded the next time.
          logger.warn({ serverId, of, reason: errorMessage(error) }, 'host key not recorded');
        }
      },
      onHostKeyRefused(failure) {
        logger.error({ serverId, of, reason: failure.message }, 'server refused: another host key');
        recordRefusedHostKey(store, whose, failure).catch((error: unknown) =>
          logger.warn({ serverId, of, reason: errorMessage(error) }, 'refused host key not recorded'),
        );
      },
    };
  };
  const { jump } = connection;
  return connectSshServer({
    ...optionsOf(connection, 'server'),
    ...(jump === undefined ? {} : { jump: optionsOf(jump, 'jump') }),
    root: sshRoot,
  });
};

/** The same server by whatever connection is the current one. */
const throughCurrent = (current: () => CloudServer): CloudServer => ({
  get access() {
    return current().access;
  },
  get docker() {
    return current().docker;
  },
  get files() {
    return current().files;
  },
  measure: (...args) => current().measure(...args),
  get: (...args) => current().get(...args),
  reboot: (...args) => current().reboot(...args),
  close: () => current().close(),
});

import type { Duplex } from 'node:stream';
import { Client, type PublicKeyAuthMethod } from 'ssh2';
import { withDeadline } from '@alfa-cloud/service-kit';
import {
  HostKeyChanged,
  hostKeyAlgorithms,
  shownHostKey,
  type HostKey,
  type PinnedHostKey,
} from './host-key.ts';
import { parsePrivateKey, type SshLogin } from './login.ts';
import { askMs, watchForLife } from './watch-for-life.ts';

const socketMs = 10_000;
const handshakeMs = 15_000;

export interface ConnectOptions extends SshLogin {
  pinned: PinnedHostKey | undefined;
  /** Who is connected to, for people. */
  server: string;
  /** Opens what the connection runs over. */
  openSocket: (signal: AbortSignal) => Promise<Duplex>;
}

/** One attempt to connect: the server is who it was, and has let us in. The client's errors from then on come as its `close`. */
export const connect = async (
  options: ConnectOptions,
): Promise<{ client: Client; hostKey: HostKey; socket: Duplex }> => {
  const key = parsePrivateKey(await options.credentials());
  const socket = await withDeadline(socketMs, 'connection', options.openSocket);
  const client = new Client();
  try {
    const hostKey = await handshake(client, socket, key, options);
    watchForLife(client, socket);
    return { client, hostKey, socket };
  } catch (error) {
    client.destroy();
    socket.destroy();
    throw error;
  }
};

const handshake = (
  client: Client,
  socket: Duplex,
  key: ReturnType<typeof parsePrivateKey>,
  { username, pinned, server }: ConnectOptions,
): Promise<HostKey> =>
  new Promise((resolve, reject) => {
    let shown: HostKey | undefined;
    // Stays for the client's life: an error without a listener would end the process, and every error is followed by `close`.
    client.on('error', reject);
    client.once('close', () => reject(new Error('the connection was closed while it was being made')));
    client.once('ready', () => {
      if (shown === undefined) reject(new Error('the server has shown no host key'));
      else resolve(shown);
    });
    const login: PublicKeyAuthMethod = { type: 'publickey', username, key };
    client.connect({
      sock: socket,
      username,
      readyTimeout: handshakeMs,
      // Nothing else is offered, and no attempt is made without a key.
      authHandler: [login],
      algorithms: { serverHostKey: hostKeyAlgorithms(pinned) },
      // Comes before the user's name is sent. Refusing closes the connection.
      hostVerifier: (raw: Buffer) => {
        shown = shownHostKey(raw);
        if (pinned === undefined || pinned.fingerprint === shown.fingerprint) return true;
        reject(new HostKeyChanged(server, pinned, shown));
        return false;
      },
      keepaliveInterval: askMs,
      // Counting unanswered questions would give up a slow link whose answers wait behind data; silence is watched instead.
      keepaliveCountMax: 1_000_000,
    });
  });

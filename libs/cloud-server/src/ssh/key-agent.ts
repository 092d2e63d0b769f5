import { createServer, type Socket } from 'node:net';
import type { ParsedKey } from 'ssh2';
import { parsePrivateKey, type SshCredentials } from './login.ts';

/** An ssh agent that holds one key. */
export interface KeyAgent {
  close(): Promise<void>;
}

/**
 * Offers a private key to OpenSSH's programs as an agent at a socket: they let it sign, and the key itself, opened or not, stays in this process.
 * @param path of the socket, in a directory that nobody else may enter
 * @throws KeyUnusable
 */
export const serveKey = async (credentials: SshCredentials, path: string): Promise<KeyAgent> => {
  const key = parsePrivateKey(credentials);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const end = 4 + rest.readUInt32BE(0);
        socket.write(text(answerTo(rest.subarray(4, end), key)));
        rest = rest.subarray(end);
      }
      if (rest.length > askedMaxBytes) socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return {
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};

const askedMaxBytes = 256 * 1024;
/** Numbers of messages and flags of the agent's protocol (draft-miller-ssh-agent). */
const asked = { identities: 11, sign: 13 };
const answered = { failure: 5, identities: 12, signature: 14 };
const flags = { sha256: 2, sha512: 4 };

/** What the agent says to one message. Whatever else is asked, such as binding to a session, is refused, which ssh takes for an old agent. */
const answerTo = (message: Buffer, key: ParsedKey): Buffer => {
  const failure = Buffer.from([answered.failure]);
  const ours = key.getPublicSSH();
  if (message[0] === asked.identities) {
    return Buffer.concat([Buffer.from([answered.identities]), number(1), text(ours), text(Buffer.alloc(0))]);
  }
  if (message[0] !== asked.sign) return failure;
  const [publicKey, afterKey] = textAt(message, 1);
  const [data, afterData] = textAt(message, afterKey);
  if (!publicKey.equals(ours) || message.length < afterData + 4) return failure;
  const { algorithm, hash } = algorithmOf(key.type, message.readUInt32BE(afterData));
  const signature: Buffer | Error = key.sign(data, hash);
  if (!Buffer.isBuffer(signature)) return failure;
  const whole = Buffer.concat([text(Buffer.from(algorithm)), text(inSshForm(key.type, signature))]);
  return Buffer.concat([Buffer.from([answered.signature]), text(whole)]);
};

/** An RSA key signs by the hash that is asked for. */
const algorithmOf = (type: string, asked: number): { algorithm: string; hash?: string | undefined } => {
  if (type !== 'ssh-rsa') return { algorithm: type };
  if ((asked & flags.sha512) !== 0) return { algorithm: 'rsa-sha2-512', hash: 'sha512' };
  return (asked & flags.sha256) === 0 ? { algorithm: type } : { algorithm: 'rsa-sha2-256', hash: 'sha256' };
};

/** An ECDSA signature is two integers: ASN.1 has a head before both, ssh a length before each. */
const inSshForm = (type: string, signature: Buffer): Buffer => {
  if (!type.startsWith('ecdsa-')) return signature;
  const head = (signature[1] ?? 0) < 0x80 ? 2 : 3;
  const [first, afterFirst] = integerAt(signature, head);
  const [second] = integerAt(signature, afterFirst);
  return Buffer.concat([text(first), text(second)]);
};

const integerAt = (signature: Buffer, place: number): [integer: Buffer, end: number] => {
  const end = place + 2 + (signature[place + 1] ?? 0);
  return [signature.subarray(place + 2, end), end];
};

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A text with its length in four bytes before it. */
const text = (content: Buffer): Buffer => Buffer.concat([number(content.length), content]);

/** The text at a place, and where it ends; an empty one where there is none. */
const textAt = (message: Buffer, place: number): [text: Buffer, end: number] => {
  if (message.length < place + 4) return [Buffer.alloc(0), message.length];
  const end = place + 4 + message.readUInt32BE(place);
  return [message.subarray(place + 4, end), end];
};

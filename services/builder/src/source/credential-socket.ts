import { mkdir } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { RepositoryAddress } from './repository-address.ts';

const askedMaxBytes = 16_384;

interface TokenLogin {
  username: string;
  token: string;
}

/**
 * Answers git's `credential-cache` helper, which looks for its daemon at this place below its home directory, with the token of one host. For
 * any other host, to which a redirect may lead, there is none.
 */
export const serveToken = async (
  home: string,
  address: Extract<RepositoryAddress, { protocol: 'https' }>,
  login: TokenLogin,
): Promise<{ close(): Promise<void> }> => {
  const folder = join(home, 'git', 'credential');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    let asked = '';
    socket.setEncoding('utf8');
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    socket.on('data', (text: string) => {
      asked += text;
      if (asked.length > askedMaxBytes) socket.destroy();
    });
    socket.on('end', () => socket.end(answerTo(asked, address, login)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(join(folder, 'socket'), resolve);
  });
  return {
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};

/** What the helper is told. Pure. */
export const answerTo = (
  asked: string,
  { host, port }: { host: string; port: number | null },
  { username, token }: TokenLogin,
): string => {
  const facts = new Map(
    asked.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  );
  const isOurs =
    facts.get('action') === 'get' &&
    facts.get('protocol') === 'https' &&
    facts.get('host')?.toLowerCase() === `${host}${port === null ? '' : `:${port}`}`.toLowerCase();
  return isOurs ? `username=${facts.get('username') ?? username}\npassword=${token}\n` : '';
};

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A host of repositories, as git's own `http-backend` makes one, with a certificate of an authority that nobody knows. */
export interface GitOverHttps extends AsyncDisposable {
  /** `https://localhost:…/repository` */
  readonly url: string;
  /** Certificate of its authority. */
  readonly caFile: string;
  /** Logins that it was given, as `user:password`. */
  readonly logins: string[];
  /** Waits before it answers to a login that is right. */
  hold: () => Promise<void>;
}

/**
 * @param folder of its own, in which keys and certificates come to lie
 * @param root directory that holds the repository
 * @param login `user:password` that it lets in
 */
export const serveGitOverHttps = async (
  folder: string,
  { root, login }: { root: string; login: string },
): Promise<GitOverHttps> => {
  await makeCertificates(folder);
  const [key, cert] = await Promise.all(
    ['server.key', 'server.pem'].map((name) => readFile(join(folder, name))),
  );
  const logins: string[] = [];
  const host = { logins, caFile: join(folder, 'ca.pem'), hold: async (): Promise<void> => {} };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, sent] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (sent !== undefined) logins.push(Buffer.from(sent, 'base64').toString());
    if (sent === undefined || logins.at(-1) !== login) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
      return;
    }
    await host.hold();
    await backend(root, request, response);
  };
  const server = createServer({ key, cert }, (request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    url: `https://localhost:${port}/repository`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
};

/** Answers by git's program for web servers. */
const backend = async (root: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n');
  for (const line of all.subarray(0, end).toString().split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.end(all.subarray(end + 4));
};

/** An authority, and a certificate for `localhost` that it has signed. */
const makeCertificates = async (folder: string): Promise<void> => {
  const openssl = (words: string) =>
    execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'ignore' });
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  openssl('req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=lab -keyout ca.key -out ca.pem');
  openssl('req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr');
  openssl(
    'x509 -req -days 1 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem',
  );
};

import { told, message } from '@alfa-cloud/contracts';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errorCode } from '@alfa-cloud/service-kit';
import { errorsOf, type RequestFaultCode } from './problems.ts';
import { jsonApiMediaType } from './media-types.ts';

export interface HttpServer {
  /** Where it listens, `http://host:port`; null while it does not. */
  readonly address: string | null;
  start(): Promise<void>;
  /** Takes no new request, lets the running ones end for `graceMs`, then cuts what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Limits against senders that are slow or send without end. */
const limits = {
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

export const createHttpServer = (
  listener: RequestListener,
  options: { host: string; port: number },
): HttpServer => {
  const server = createServer({ ...limits, connectionsCheckingInterval: 5000 }, listener);
  server.maxConnections = 4096;
  server.on('clientError', answerClientError);
  return {
    get address() {
      const bound = server.address() as AddressInfo | null;
      if (bound === null) return null;
      return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    stop: (graceMs) => stop(server, graceMs),
  };
};

const stop = async (server: Server, graceMs: number): Promise<void> => {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // A connection becomes idle when its running request has been answered; it would stay open for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearInterval(sweep);
  clearTimeout(cut);
};

const clientErrors: Readonly<Record<string, RequestFaultCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** What is no HTTP never reaches express; it gets an answer of the same form all the same. */
const answerClientError = (error: Error, socket: Socket): void => {
  const code = errorCode(error) ?? '';
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = clientErrors[code] ?? 'malformed_request';
  const { status, errors } = errorsOf([{ code: known, ...told(message`The request could not be read`) }]);
  const body = JSON.stringify({ errors });
  socket.end(
    [
      `HTTP/1.1 ${status} ${errors[0]?.title ?? ''}`,
      `Content-Type: ${jsonApiMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};

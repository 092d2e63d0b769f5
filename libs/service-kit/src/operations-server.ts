import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface OperationsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves `/health/live`, `/health/ready` (503 when a part is unavailable) and `/metrics` for orchestrators.
 * @param options.port 0 takes a free one
 */
export const startOperationsServer = async (options: {
  host: string;
  port: number;
  health: Health;
  metrics: Metrics;
}): Promise<OperationsServer> => {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : 'failed');
    });
  });
  server.requestTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answer = async (
  url: string,
  response: ServerResponse,
  { health, metrics }: { health: Health; metrics: Metrics },
): Promise<void> => {
  const json = (status: number, body: unknown) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(body));
  if (url === '/health/live') {
    json(200, health.live());
  } else if (url === '/health/ready') {
    const report = await health.ready();
    json(report.status === 'ok' ? 200 : 503, report);
  } else if (url === '/metrics') {
    const text = await metrics.registry.metrics();
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
  } else {
    json(404, { status: 404, detail: 'Only /health/live, /health/ready and /metrics are here' });
  }
};

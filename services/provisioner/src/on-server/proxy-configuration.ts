import { createHash } from 'node:crypto';
import { clientPort, insideContainers, upstreamName } from './names.ts';
import { refusalMaps, refusalPages } from './refusals.ts';

const digestLength = 16;

/** Host name under which the proxy passes on a client's health; no client can have it, as it is not in any server's domain. */
export const healthHost = 'health.alfa.internal';

/** Path below {@link healthHost} that answers with the `/healthz` of the client container that the operation has made. */
export const healthPath = (operationId: string): string => `/containers/${operationId}`;

/** Header under {@link healthHost} that says which version of the proxy's own configuration answered; see {@link proxyDigest}. */
export const proxyHeader = 'x-alfa-proxy';

/** Header that says whose health that is: the operation's id. */
export const containerHeader = 'x-alfa-container';

/**
 * The proxy's own configuration: 404 for unknown hosts, the health of containers, and the virtual hosts of the clients. A container is
 * addressed by the operation that made it ({@link upstreamName}), so the address stays valid when the container is renamed. Docker's DNS
 * resolves it at each request (`resolver` and a variable), so a stopped client never keeps nginx from starting or reloading.
 */
export const proxyConfiguration = (): string => {
  const text = ownConfiguration('');
  return ownConfiguration(createHash('sha256').update(text).digest('hex').slice(0, digestLength));
};

/** What {@link proxyHeader} says once the proxy has loaded this text. Null for a text that was not made by {@link proxyConfiguration}. */
export const proxyDigest = (text: string): string | null =>
  /^ {4}add_header X-Alfa-Proxy "([0-9a-f]{16})" always;$/m.exec(text)?.[1] ?? null;

const ownConfiguration = (digest: string): string => `# Made by Alfa Cloud.
server_names_hash_bucket_size 512;
server_names_hash_max_size 65536;
server_tokens off;
resolver 127.0.0.11 valid=5s ipv6=off;
resolver_timeout 5s;
# 32 KB of headers, both ways, in one line if need be.
large_client_header_buffers 4 40k;
proxy_buffer_size 40k;
proxy_buffers 8 16k;
proxy_busy_buffers_size 80k;

${refusalMaps()}
map $http_upgrade $alfa_connection {
  default upgrade;
  '' '';
}

server {
  listen 80 default_server;
  server_name _;
${refusalPages('$alfa_language', '')}
  location / {
    return 404;
  }
}

server {
  listen 80;
  server_name ${healthHost};
  location ~ "^/containers/(?<alfa_operation>[0-9a-f-]{36})$" {
    add_header X-Alfa-Container $alfa_operation always;
    proxy_connect_timeout 3s;
    proxy_read_timeout 10s;
    proxy_pass http://${upstreamName('$alfa_operation')}:${clientPort}/healthz;
  }
  location / {
    add_header X-Alfa-Proxy "${digest}" always;
    return 404;
  }
}

include ${insideContainers.clients}/*/vhost.conf;
`;

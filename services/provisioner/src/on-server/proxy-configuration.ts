import { clientPort, insideContainers } from './names.ts';

/** Host name under which the proxy passes on a client's health; no client can have it, as it is not in any server's domain. */
export const healthHost = 'health.alfa.internal';

/** Path below {@link healthHost} that answers with the `/healthz` of the client's container. */
export const healthPath = (slug: string): string => `/clients/${slug}`;

/** Header that says whose configuration answered. */
export const clientHeader = 'x-alfa-client';

/**
 * The proxy's own part of the configuration: 404 for hosts that nobody has, health of containers, and the virtual hosts of the clients.
 * Names of containers are resolved by Docker's DNS at the time of the request (`resolver` and a variable), so that a stopped client
 * never keeps nginx from starting or reloading.
 */
export const proxyConfiguration = (): string => `# Made by Alfa Cloud.
server_names_hash_bucket_size 512;
server_names_hash_max_size 65536;
server_tokens off;
resolver 127.0.0.11 valid=5s ipv6=off;
resolver_timeout 5s;

map $http_upgrade $alfa_connection {
  default upgrade;
  '' '';
}

server {
  listen 80 default_server;
  server_name _;
  return 404;
}

server {
  listen 80;
  server_name ${healthHost};
  location ~ "^/clients/(?<alfa_slug>[a-z][a-z0-9-]{0,39})$" {
    add_header X-Alfa-Client $alfa_slug always;
    proxy_connect_timeout 3s;
    proxy_read_timeout 10s;
    proxy_pass http://alfa-$alfa_slug:${clientPort}/healthz;
  }
  location / {
    return 404;
  }
}

include ${insideContainers.clients}/*/vhost.conf;
`;

/**
 * Virtual host of one client.
 * @param mark who made it; stands in the first line
 */
export const vhostText = (options: {
  mark: string;
  slug: string;
  host: string;
  container: string;
}): string => `${vhostMarkLine(options.mark)}
server {
  listen 80;
  server_name ${nginxWord(options.host)};
  add_header X-Alfa-Client ${nginxWord(options.slug)} always;
  client_max_body_size 64m;

  location / {
    set $alfa_upstream http://${nginxWord(options.container)}:${clientPort};
    proxy_pass $alfa_upstream;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $alfa_connection;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 5s;
    proxy_read_timeout 300s;
  }
}
`;

/** First line of a virtual host that was made under that mark. */
export const vhostMarkLine = (mark: string): string => `# ${mark}`;

/** Slugs, domains and container names need no quoting; anything else must never get into the configuration of a shared proxy. */
const nginxWord = (word: string): string => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(word))
    throw new Error(`${JSON.stringify(word)} is no name for the proxy`);
  return word;
};

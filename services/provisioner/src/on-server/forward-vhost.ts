import { createHash } from 'node:crypto';
import type { RequestLimits } from '@alfa-cloud/contracts';
import { ownerTagLine, vhostDigest } from './virtual-host.ts';

/** How an old address leads to the new one: requests are passed on to the proxy of the new server, or visitors are told to go there. */
export type ForwardWay = 'pass' | 'redirect';

export interface ForwardVhost {
  /** Who made it; stands in the first line. */
  ownerTag: string;
  slug: string;
  /** The names that were served here. */
  hosts: readonly string[];
  /** Main name on the new server, and address of the client's cloud there. */
  newHost: string;
  newAddress: string;
  /** Where the new server's proxy is reached from here; null: nobody knows. */
  newProxy: { host: string; port: number } | null;
  limits: Required<RequestLimits>;
  way: ForwardWay;
}

/**
 * Virtual host of a client that has moved away. Its old main name answers 308 with the new address. A name that is the client's on the new server as
 * well can't be redirected to itself: its requests are passed on to the new server's proxy, which DNS will lead to by and by. Where that proxy can't
 * be reached from here, further names are redirected to the new main name; a main name that stays the same answers 503. No answer is to
 * be kept by browsers, since a move can be taken back. A pure function of its arguments.
 */
export const forwardText = (vhost: ForwardVhost): string => textWith(vhost, digestOf(textWith(vhost, '')));

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digestLength);

/** Whether the text stands as {@link forwardText} has made it once: by its own digest. */
export const isUntouchedForward = (text: string): boolean => {
  const digest = vhostDigest(text);
  if (digest === null || wayOfForward(text) === null) return false;
  return digest === digestOf(text.replaceAll(`set $alfa_vhost ${digest};`, 'set $alfa_vhost ;'));
};

const digestLength = 16;
const wayMark = '# forward ';

/** The way that a virtual host leads on, by its text; null for a text that was not made by {@link forwardText}. */
export const wayOfForward = (text: string): ForwardWay | null => {
  const line = text.split('\n')[1] ?? '';
  if (!line.startsWith(wayMark)) return null;
  const way = line.slice(wayMark.length);
  return way === 'pass' || way === 'redirect' ? way : null;
};

/** Names whose requests are passed on: those that the client keeps. */
export const passedHosts = ({ hosts, newHost, newProxy, way }: ForwardVhost): readonly string[] => {
  if (newProxy === null || way === 'redirect') return [];
  const [main, ...further] = hosts;
  return main === newHost ? hosts : further;
};

const textWith = (vhost: ForwardVhost, digest: string): string => {
  const passed = passedHosts(vhost);
  const others = vhost.hosts.filter((host) => !passed.includes(host));
  const blocks = [
    ...(others.length === 0 ? [] : [toldBlock(vhost, others, digest)]),
    ...(passed.length === 0 ? [] : [passedBlock(vhost, passed, digest)]),
  ];
  return `${ownerTagLine(vhost.ownerTag)}\n${wayMark}${vhost.way}\n${blocks.join('')}`;
};

const toldBlock = (
  { slug, hosts: [main], newHost, newAddress }: ForwardVhost,
  hosts: readonly string[],
  digest: string,
): string => `server {
  listen 80;
  server_name ${hosts.map(word).join(' ')};
  set $alfa_vhost ${digest};
  add_header X-Alfa-Client ${word(slug)} always;
  add_header X-Alfa-Vhost $alfa_vhost always;
  add_header Cache-Control no-store always;
  location / {
    return ${main === newHost ? '503' : `308 ${addressWord(newAddress)}$request_uri`};
  }
}
`;

/** Answers keep the headers of the new server, and with them the version of the virtual host there. */
const passedBlock = (
  { newProxy, limits }: ForwardVhost,
  hosts: readonly string[],
  digest: string,
): string => {
  const { host, port } = newProxy ?? { host: '', port: 0 };
  return `server {
  listen 80;
  server_name ${hosts.map(word).join(' ')};
  set $alfa_vhost ${digest};
  client_max_body_size ${limits.uploadMb}m;
  location / {
    set $alfa_new http://${hostWord(host)}:${port};
    proxy_pass $alfa_new;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $alfa_connection;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 5s;
    proxy_read_timeout ${limits.requestTimeoutS}s;
    proxy_send_timeout ${limits.requestTimeoutS}s;
  }
}
`;
};

/** Names need no quoting; anything else must never get into the configuration of a shared proxy. */
const word = (name: string): string => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name))
    throw new Error(`${JSON.stringify(name)} is no name for the proxy`);
  return name;
};

/** The same for a host name in any case or an address; one of IPv6 stands in brackets. */
const hostWord = (host: string): string => {
  if (/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(host)) return `[${host}]`;
  return word(host.toLowerCase());
};

const addressWord = (address: string): string => {
  if (!/^http:\/\/[a-z0-9][a-z0-9.-]*(?::\d+)?$/.test(address))
    throw new Error(`${JSON.stringify(address)} is no address for the proxy`);
  return address;
};

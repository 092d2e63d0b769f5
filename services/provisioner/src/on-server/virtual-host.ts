import { createHash } from 'node:crypto';
import type { Locale, RequestLimits } from '@alfa-cloud/contracts';
import { closedPage, maintenancePage, type ClientPage, type ClosedPage } from './closed-page.ts';
import { clientPort, insideContainers, upstreamName } from './names.ts';
import { refusalPages, refusalPath } from './refusals.ts';

/** Header that says whose configuration answered. */
export const clientHeader = 'x-alfa-client';

/** Path of the application's health. Under the client's own name it is passed on even while a page replaces the application. */
export const healthOfClient = '/healthz';

/** Header that says which version of a client's virtual host answered; see {@link vhostDigest}. */
export const vhostHeader = 'x-alfa-vhost';

/** Path that every virtual host answers itself, whatever becomes of its client, with the headers that all of its answers carry. */
export const vhostProbe = refusalPath;

export interface Vhost {
  /** Who made it; stands in the first line. */
  ownerTag: string;
  slug: string;
  host: string;
  /** Further host names. */
  aliases: readonly string[];
  /** The operation that made the container it leads to. */
  upstream: string;
  locale: Locale;
  limits: Required<RequestLimits>;
  page: ClientPage;
}

/**
 * Virtual host of one client: it passes requests on to the client's container, or shows a page that needs no container. The file `closed` beside
 * it puts the maintenance page before an open client from the next request on, without a reload. A pure function of its arguments, so that a
 * virtual host that is not as it should be is recognised by its text.
 */
export const vhostText = (vhost: Vhost): string => {
  const closed = closedPage(vhost.page, vhost.locale);
  const headers = `    add_header X-Alfa-Client ${nginxWord(vhost.slug)} always;
    add_header X-Alfa-Vhost $alfa_vhost always;
`;
  const locations = closed === null ? openLocations(vhost, headers) : closedLocations(vhost, closed, headers);
  const body = `  client_max_body_size ${vhost.limits.uploadMb}m;
${refusalPages(vhost.locale, headers)}
${locations}`;
  const head = `${ownerTagLine(vhost.ownerTag)}\n${pageMark}${pageText(vhost.page)}\n`;
  const hosts = [vhost.host, ...vhost.aliases].map(nginxWord).join(' ');
  const digest = digestOf(head, hosts, body);
  return `${head}server {
  listen 80;
  server_name ${hosts};
  set $alfa_vhost ${digest};
  add_header X-Alfa-Client ${nginxWord(vhost.slug)} always;
  add_header X-Alfa-Vhost $alfa_vhost always;
${body}}
`;
};

const digestOf = (head: string, hosts: string, body: string): string =>
  createHash('sha256').update(`${head}${hosts}\n${body}`).digest('hex').slice(0, digestLength);

/** Whether the text stands as {@link vhostText} has made it once: by its own digest, whatever it leads to or shows. */
export const isUntouchedVhost = (text: string): boolean => {
  const { head = '', hosts = '', digest, body = '' } = parts.exec(text)?.groups ?? {};
  return digest === digestOf(head, hosts, body);
};

const parts =
  /^(?<head>#[^\n]*\n#[^\n]*\n)server \{\n {2}listen 80;\n {2}server_name (?<hosts>[^;\n]*);\n {2}set \$alfa_vhost (?<digest>[0-9a-f]{16});\n {2}add_header X-Alfa-Client [a-z0-9.-]+ always;\n {2}add_header X-Alfa-Vhost \$alfa_vhost always;\n(?<body>[^]*)\}\n$/;

/** First line of a virtual host that was made with that owner tag. */
export const ownerTagLine = (ownerTag: string): string => `# ${ownerTag}`;

const digestLength = 16;
const pageMark = '# page ';

/** Cut to what is shown, which also bounds the length of the line. */
const pageText = ({ maintenance, expired }: ClientPage): string => {
  const message = maintenance?.message ?? null;
  const shown = message === null ? null : Array.from(message.toWellFormed()).slice(0, 501).join('');
  return JSON.stringify({ maintenance: maintenance === null ? null : { message: shown }, expired });
};

/** What a virtual host shows, by its text. Null for a text that was not made by {@link vhostText}. */
export const pageOfVhost = (text: string): ClientPage | null => {
  const line = text.split('\n')[1] ?? '';
  if (!line.startsWith(pageMark)) return null;
  try {
    return JSON.parse(line.slice(pageMark.length)) as ClientPage;
  } catch {
    return null;
  }
};

/** The operation whose container a virtual host leads to, by its text. Null for a text that was not made by {@link vhostText}. */
export const upstreamOfVhost = (text: string): string | null =>
  /^ {4}set \$alfa_upstream http:\/\/([0-9a-f-]{36})\.alfa:/m.exec(text)?.[1] ?? null;

/** What {@link vhostHeader} says once the proxy has loaded this text. Null for a text that was not made by {@link vhostText}. */
export const vhostDigest = (text: string): string | null =>
  /^ {2}set \$alfa_vhost ([0-9a-f]{16});$/m.exec(text)?.[1] ?? null;

/** No application has this path; a visitor who asks for it gets 404 from the proxy. */
const closingPath = '/.alfa/closed';

/** nginx looks for the file with each request. Answers of the application with the same status are passed on unchanged. */
const openLocations = (vhost: Vhost, headers: string): string => {
  const closed = maintenancePage(null, vhost.locale);
  return `  error_page ${closed.status} ${closingPath};
  location = ${closingPath} {
    internal;
${pageLines(closed, headers)}    return 200 $alfa_page;
  }

${healthLocation(vhost)}
  location / {
    if (-f ${insideContainers.clients}/${nginxWord(vhost.slug)}/closed) {
      return ${closed.status};
    }
${passOn(vhost)}  }
`;
};

const closedLocations = (
  vhost: Vhost,
  closed: ClosedPage,
  headers: string,
): string => `${healthLocation(vhost)}
  location / {
${pageLines(closed, headers)}    return ${closed.status} $alfa_page;
  }
`;

const healthLocation = (vhost: Vhost): string => `  location = ${healthOfClient} {
${passOn(vhost)}  }
`;

/** Sets the page and its headers. `types { }`: the content type must not depend on the requested path. */
const pageLines = ({ kind, retryAfterSeconds, html, json }: ClosedPage, headers: string): string => {
  const retryAfter =
    retryAfterSeconds === null ? '' : `    add_header Retry-After ${retryAfterSeconds} always;\n`;
  return `${headers}    add_header X-Alfa-Page ${kind} always;
    add_header Cache-Control no-store always;
    add_header Content-Type $alfa_type always;
${retryAfter}    types { }
    default_type '';
    set $alfa_page "${nginxQuoted(html)}";
    if ($alfa_format = json) {
      set $alfa_page '${nginxJson(json)}';
    }
`;
};

const passOn = ({
  upstream,
  limits,
}: Vhost): string => `    set $alfa_upstream http://${nginxWord(upstreamName(upstream))}:${clientPort};
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
    proxy_read_timeout ${limits.requestTimeoutS}s;
    proxy_send_timeout ${limits.requestTimeoutS}s;
`;

/** Slugs, domains and container names need no quoting; anything else must never get into the configuration of a shared proxy. */
const nginxWord = (word: string): string => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(word))
    throw new Error(`${JSON.stringify(word)} is no name for the proxy`);
  return word;
};

/** Text between double quotes. nginx can't escape a dollar sign there; a page needs none of these characters. */
const nginxQuoted = (text: string): string => {
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  if (/["$\\\u0000-\u001f\u007f]/.test(text))
    throw new Error('A page for the proxy holds a special character');
  return text;
};

/** JSON between single quotes. nginx keeps a backslash before a `u` as it is. */
const nginxJson = (text: string): string => {
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  if (/['$\u0000-\u001f\u007f]|\\(?!u)/.test(text))
    throw new Error('A document for the proxy holds a special character');
  return text;
};

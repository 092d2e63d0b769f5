import type { ServerView } from '@alfa-cloud/contracts';

/**
 * Address at which a client's cloud is reached through the proxy of its server: https where the proxy speaks it, without the default port.
 * A server that is not known leaves only the slug to name.
 */
export const cloudAddress = (slug: string, server: Pick<ServerView, 'domain' | 'proxy'> | null): string => {
  if (server === null) return `http://${slug}`;
  const { httpPort, httpsPort } = server.proxy;
  const [scheme, port, defaultPort] =
    httpsPort === undefined ? ['http', httpPort, 80] : ['https', httpsPort, 443];
  return `${scheme}://${slug}.${server.domain}${port === defaultPort ? '' : `:${port}`}`;
};

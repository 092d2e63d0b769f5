export interface NatsAddress {
  servers: string[];
  user?: string;
  pass?: string;
  /** The addresses as they may stand in a log: without credentials. */
  label: string;
}

/**
 * Reads `nats://user:password@host:port`, several of them separated by commas.
 * The credentials of the first address that has some are used for all.
 */
export const parseNatsUrl = (url: string): NatsAddress => {
  const addresses = url
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => new URL(part.includes('://') ? part : `nats://${part}`));
  if (addresses.length === 0) throw new TypeError('The address of NATS is empty');
  const servers = addresses.map(({ protocol, host }) => `${protocol}//${host}`);
  const withUser = addresses.find(({ username }) => username !== '');
  return {
    servers,
    label: servers.join(','),
    ...(withUser && {
      user: decodeURIComponent(withUser.username),
      pass: decodeURIComponent(withUser.password),
    }),
  };
};

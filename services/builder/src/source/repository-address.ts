import { message, type Message } from '@alfa-cloud/contracts';

/** Where a repository is. */
export type RepositoryAddress =
  | { protocol: 'ssh'; user: string | null; host: string; port: number | null }
  | { protocol: 'https'; host: string; port: number | null }
  | { protocol: 'file' };

/** An address, or what is wrong with it. */
export type ReadAddress = { address: RepositoryAddress } | { fault: Message };

const host = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]`;
/** `git@host:group/name.git`, which has no protocol before it. */
const shortForm = new RegExp(String.raw`^(?:([A-Za-z0-9_][\w.-]*)@)?(${host}):(?![0-9]+/)([^-:].*)$`);

/**
 * Reads the address of a repository: `ssh://`, `https://`, `git@host:path` and, where that is allowed, `file://`. A password in it is refused, since
 * addresses are shown and logged, and so is a user of https, since many hosts take a token in its place.
 */
export const readAddress = (url: string, { fileUrls }: { fileUrls: boolean }): ReadAddress => {
  if (/[\s\p{Cc}]/u.test(url) || url.startsWith('-')) return { fault: form };
  const short = shortForm.exec(url);
  if (short !== null && !url.includes('://')) {
    const [, user = null, host = ''] = short;
    return { address: { protocol: 'ssh', user, host, port: null } };
  }
  if (!URL.canParse(url)) return { fault: form };
  const parsed = new URL(url);
  const { protocol, username, password, hostname, port, pathname, search, hash } = parsed;
  if (password !== '') return { fault: message`The address must hold no password: send it as "token"` };
  if (protocol === 'file:' && fileUrls && parsed.host === '') return { address: { protocol: 'file' } };
  const isKnown = protocol === 'ssh:' || protocol === 'https:';
  if (!isKnown)
    return {
      fault: message`Repositories are reached by ssh and https alone: change the address of the repository`,
    };
  const isWhole =
    new RegExp(`^(?:${host})$`).test(hostname) && pathname.length > 1 && search === '' && hash === '';
  if (protocol === 'https:' && username !== '')
    return { fault: message`An address of https must hold no user: send a token as "token"` };
  const user = decoded(username);
  if (!isWhole || user === null || !/^[\w.%-]*$/.test(username) || username.startsWith('-'))
    return { fault: form };
  const place = { host: hostname, port: port === '' ? null : Number(port) };
  if (protocol === 'https:') return { address: { protocol: 'https', ...place } };
  return { address: { protocol: 'ssh', user: user === '' ? null : user, ...place } };
};

/** Null: a percent sign begins no character. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

const form = message`The address must be like ${'ssh://git@git.example.org/lab/app.git'}, ${'git@git.example.org:lab/app.git'} or ${'https://git.example.org/lab/app.git'}`;

/** True when both are on the same host, so that a host key and a token mean the same there. */
export const isSameHost = (one: RepositoryAddress, other: RepositoryAddress): boolean =>
  placeOf(one) === placeOf(other);

const placeOf = (address: RepositoryAddress): string =>
  address.protocol === 'file'
    ? 'file'
    : `${address.protocol}://${address.host.toLowerCase()}:${address.port ?? ''}`;

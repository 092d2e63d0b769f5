import { expect, test } from '@jest/globals';
import { answerTo } from './credential-socket.ts';
import { isSameHost, readAddress } from './repository-address.ts';
import { sshConfig } from './ssh-config.ts';

const addressOf = (url: string, fileUrls = false) => {
  const read = readAddress(url, { fileUrls });
  return 'address' in read ? read.address : read.fault.template;
};

test.each([
  ['git@git.example.org:lab/app.git', { protocol: 'ssh', user: 'git', host: 'git.example.org', port: null }],
  ['git@git.example.org:/srv/app.git', { protocol: 'ssh', user: 'git', host: 'git.example.org', port: null }],
  ['git.example.org:app', { protocol: 'ssh', user: null, host: 'git.example.org', port: null }],
  [
    'ssh://git@git.example.org/lab/app.git',
    { protocol: 'ssh', user: 'git', host: 'git.example.org', port: null },
  ],
  ['ssh://git@10.0.0.5:2222/app', { protocol: 'ssh', user: 'git', host: '10.0.0.5', port: 2222 }],
  ['ssh://git@[::1]:22/app', { protocol: 'ssh', user: 'git', host: '[::1]', port: 22 }],
  ['https://git.example.org:8443/lab/app.git', { protocol: 'https', host: 'git.example.org', port: 8443 }],
])('%s is read', (url, address) => expect(addressOf(url)).toEqual(address));

test.each([
  '-oProxyCommand=touch x:app',
  '--upload-pack=x',
  'ssh://-oProxyCommand=x/app',
  'ssh://-ox@host/app',
  'git@-host:app',
  'git@host:-x',
  'ssh://host/',
  'https://host/app?x=1',
  'https://host/app#x',
  'a b',
  'https://host/a b',
  'https://host/a\nb',
  'git@host:22/app',
  'ssh://a%zz@host/app',
  '/srv/repository',
  '',
])('%j is refused: it is no address', (url) => expect(addressOf(url)).toMatch(/^The address must be like/));

test('other protocols, and files where they are not allowed, are refused', () => {
  for (const url of ['http://host/app', 'git://host/app', 'ext::sh', 'file:///srv/app', 'ftp://h/x'])
    expect(addressOf(url)).toMatch(/ssh and https|must be like/);
  expect(addressOf('file:///srv/app', true)).toEqual({ protocol: 'file' });
});

test('a password in the address is refused, and not repeated', () => {
  for (const url of ['https://ada:CANARY@host/app', 'ssh://git:CANARY@host/app']) {
    const told = addressOf(url);
    expect(told).toMatch(/must hold no password/);
    expect(told).not.toContain('CANARY');
  }
});

test('a user in an address of https, which may be a token, is refused and not repeated', () => {
  const told = addressOf('https://CANARY@host/app');
  expect(told).toMatch(/must hold no user/);
  expect(told).not.toContain('CANARY');
});

test('the same host is one with the same protocol, name and port', () => {
  const same = (one: string, other: string) => {
    const [a, b] = [readAddress(one, { fileUrls: false }), readAddress(other, { fileUrls: false })];
    return 'address' in a && 'address' in b && isSameHost(a.address, b.address);
  };
  expect(same('https://h.example/a', 'https://H.example/b')).toBe(true);
  expect(same('https://h.example/a', 'https://h.example:444/a')).toBe(false);
  expect(same('https://h.example/a', 'ssh://h.example/a')).toBe(false);
});

test('the token is told for its own host alone', () => {
  const asked = (facts: Record<string, string>) =>
    Object.entries(facts)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  const host = { host: 'git.example.org', port: 8443 };
  const login = { username: 'oauth2', token: 't' };
  const get = { action: 'get', timeout: '900', protocol: 'https', host: 'git.example.org:8443' };
  expect(answerTo(asked(get), host, { username: 'git', token: 't0k=en' })).toBe(
    'username=git\npassword=t0k=en\n',
  );
  expect(answerTo(asked(get), host, login)).toBe('username=oauth2\npassword=t\n');
  expect(answerTo(asked({ ...get, username: 'ada' }), host, login)).toBe('username=ada\npassword=t\n');
  for (const other of [
    { host: 'evil.example' },
    { host: 'git.example.org' },
    { protocol: 'http' },
    { action: 'store' },
  ])
    expect(answerTo(asked({ ...get, ...other }), host, login)).toBe('');
});

test('ssh trusts what it is given and nothing else', () => {
  const config = sshConfig({ knownHosts: '/tmp/a b/100%/known_hosts', agent: null });
  expect(config).toContain('UserKnownHostsFile "/tmp/a b/100%%/known_hosts"\n');
  expect(config).toMatch(/StrictHostKeyChecking yes\n[^]*IdentityAgent none\nIdentityFile none\n/);
});

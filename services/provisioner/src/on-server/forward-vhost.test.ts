import { describe, expect, test } from '@jest/globals';
import {
  forwardText,
  isUntouchedForward,
  passedHosts,
  wayOfForward,
  type ForwardVhost,
} from './forward-vhost.ts';
import { vhostDigest } from './virtual-host.ts';

const vhost: ForwardVhost = {
  ownerTag: 'cloud.alfa.client=c cloud.alfa.operation=o',
  slug: 'first',
  hosts: ['first.one.test', 'lab.example'],
  newHost: 'first.two.test',
  newAddress: 'http://first.two.test:8080',
  newProxy: { host: '10.0.0.2', port: 8080 },
  limits: { uploadMb: 20, requestTimeoutS: 30 },
  way: 'pass',
};

const lines = (changes: Partial<ForwardVhost>, wanted: RegExp): string[] =>
  forwardText({ ...vhost, ...changes })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => wanted.test(line));
const leads = (changes: Partial<ForwardVhost>) => lines(changes, /^(?:server_name|return|set \$alfa_new)/);

describe('the virtual host of a client that has moved away', () => {
  test('redirects its old main name, and passes on what it keeps', () => {
    expect(leads({})).toEqual([
      'server_name first.one.test;',
      'return 308 http://first.two.test:8080$request_uri;',
      'server_name lab.example;',
      'set $alfa_new http://10.0.0.2:8080;',
    ]);
    expect(passedHosts(vhost)).toEqual(['lab.example']);
  });

  test('lets no browser keep the redirection', () => {
    expect(lines({}, /no-store/)).toEqual(['add_header Cache-Control no-store always;']);
  });

  test('passes on all where the main name stays the same', () => {
    expect(leads({ newHost: 'first.one.test' })).toEqual([
      'server_name first.one.test lab.example;',
      'set $alfa_new http://10.0.0.2:8080;',
    ]);
  });

  test.each([{ newProxy: null }, { way: 'redirect' as const }])(
    'redirects further names where nothing can be passed on: %j',
    (changes) => {
      expect(leads(changes)).toEqual([
        'server_name first.one.test lab.example;',
        'return 308 http://first.two.test:8080$request_uri;',
      ]);
      // It would lead to itself.
      expect(leads({ ...changes, newHost: 'first.one.test' })).toEqual([
        'server_name first.one.test lab.example;',
        'return 503;',
      ]);
    },
  );

  test('tells its way and its version, and whether somebody has written in it', () => {
    const text = forwardText(vhost);
    expect([wayOfForward(text), wayOfForward(forwardText({ ...vhost, way: 'redirect' }))]).toEqual([
      'pass',
      'redirect',
    ]);
    expect(vhostDigest(text)).toMatch(/^[0-9a-f]{16}$/);
    expect(vhostDigest(text)).not.toBe(vhostDigest(forwardText({ ...vhost, newAddress: 'http://other' })));
    expect([isUntouchedForward(text), isUntouchedForward(text.replace('308', '301'))]).toEqual([true, false]);
    expect([wayOfForward('# a\n# page {}\n'), isUntouchedForward('server {}')]).toEqual([null, false]);
  });

  test('takes an address of IPv6 and names in any case', () => {
    expect(leads({ newProxy: { host: 'fd00::2', port: 80 } })).toContain(
      'set $alfa_new http://[fd00::2]:80;',
    );
    expect(leads({ newProxy: { host: 'Two.Example', port: 80 } })).toContain(
      'set $alfa_new http://two.example:80;',
    );
  });

  test.each([
    { newProxy: { host: 'a;b', port: 80 } },
    { newAddress: 'http://a b' },
    { newAddress: 'http://$host' },
    { hosts: ['first.one.test;'] },
    { slug: 'a b' },
  ])('lets nothing else into the configuration of a shared proxy: %j', (changes) => {
    expect(() => forwardText({ ...vhost, ...changes })).toThrow(/is no (?:name|address) for the proxy/);
  });
});

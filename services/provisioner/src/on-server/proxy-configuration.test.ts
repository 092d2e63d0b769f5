import { describe, expect, test } from '@jest/globals';
import { ClientChanges, conforms, faultsOf, ServerAttributes, Slug } from '@alfa-cloud/contracts';
import fc from 'fast-check';
import { clientNames, upstreamName } from './names.ts';
import { healthHost, proxyConfiguration } from './proxy-configuration.ts';
import { upstreamOfVhost, vhostDigest, vhostText } from './virtual-host.ts';

const open = { maintenance: null, expired: false };

const upstream = '01234567-89ab-cdef-0123-456789abcdef';

const vhostOf = (slug: string, aliases: string[] = [], limits = { uploadMb: 64, requestTimeoutS: 300 }) => {
  const { host } = clientNames(slug, 'lab.test');
  const ownerTag = 'cloud.alfa.client=1';
  return vhostText({ ownerTag, slug, host, aliases, upstream, locale: 'ru', limits, page: open });
};

test.each([healthHost, upstreamName(upstream)])('%s is our own, and no alias or domain', (name) => {
  const server = { name: 'one', domain: name, connection: { kind: 'local' } };
  expect(faultsOf(ServerAttributes, server)).toMatchObject([{ pointer: '/domain' }]);
  expect(faultsOf(ClientChanges, { aliases: [name] })).toMatchObject([{ pointer: '/aliases/0' }]);
});

describe('virtual host', () => {
  test('sends the host to the container by a variable, so that a stopped container never keeps nginx from loading', () => {
    const text = vhostOf('my-lab');
    expect(text).toContain('server_name my-lab.lab.test;');
    expect(text).toContain(`set $alfa_upstream http://${upstream}.alfa:8000;`);
    expect(text).toContain('proxy_pass $alfa_upstream;');
    expect(text).toContain('add_header X-Alfa-Client my-lab always;');
    expect(text.startsWith('# cloud.alfa.client=1\n')).toBe(true);
  });

  test('tells which container it leads to', () => {
    expect(upstreamOfVhost(vhostOf('my-lab'))).toBe(upstream);
    expect(upstreamOfVhost('# somebody wrote this\nserver { }\n')).toBe(null);
  });

  test('answers under further names, by which its digest differs as well', () => {
    const text = vhostOf('my-lab', ['lab.example', 'www.lab.example']);
    expect(text).toContain('server_name my-lab.lab.test lab.example www.lab.example;');
    expect(vhostDigest(text)).not.toBe(vhostDigest(vhostOf('my-lab')));
    expect(() => vhostOf('my-lab', ['a.example; }'])).toThrow('is no name for the proxy');
  });

  test('lets through what the limits say, by which its digest differs as well', () => {
    const text = vhostOf('my-lab', [], { uploadMb: 200, requestTimeoutS: 7 });
    expect(text).toContain('client_max_body_size 200m;');
    expect(text).toContain('proxy_read_timeout 7s;');
    expect(vhostDigest(text)).not.toBe(vhostDigest(vhostOf('my-lab')));
  });

  test('exists for every slug, and for nothing that nginx could read as more than a name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/)), (text) => {
        const isName = /^[a-z0-9][a-z0-9.-]*$/.test(text);
        if (conforms(Slug, text)) expect(isName).toBe(true);
        if (isName) expect(vhostOf(text)).toContain(`server_name ${text}.lab.test;`);
        else expect(() => vhostOf(text)).toThrow('is no name for the proxy');
      }),
    );
  });
});

test('unknown hosts get 404, and clients are taken from their directories', () => {
  const text = proxyConfiguration();
  expect(text).toMatch(/listen 80 default_server;\s+server_name _;[^]*?location \/ \{\s+return 404;/);
  for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(4096);
  expect(text).toContain('include /srv/alfa/clients/*/vhost.conf;');
  expect(text).toContain('resolver 127.0.0.11');
});

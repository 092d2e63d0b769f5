import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  asciiDomain,
  asciiEmail,
  ClientAttributes,
  ClientChanges,
  conforms,
  DomainName,
  faultsOf,
  PersonalData,
  ServerAttributes,
  unicodeDomain,
  unicodeEmail,
} from '../index.ts';
import { hostNameFault } from './domain-names.ts';

const server = (domain: unknown) => ({ name: 'n', connection: { kind: 'local' }, domain });
const client = (email: unknown) => ({
  name: 'Lab',
  slug: 'lab',
  email,
  expireDate: '2030-01-01',
  image: 'alfa/client:1',
});
const detailsOf = (name: unknown) => [
  ...faultsOf(ServerAttributes, server(name)).map(({ detail }) => detail),
  ...faultsOf(ClientChanges, { aliases: ['lab.example', name] }).map(({ detail }) => detail),
];

test.each([
  ['localhost', 'two labels'],
  ['localhost.', 'two labels'],
  ['lab', 'two labels'],
  ['лаборатория', 'two labels'],
  ['1.2.3.4', 'IP address'],
  ['127.1', 'IP address'],
  ['0x7f.1', 'IP address'],
  ['2130706433', 'IP address'],
  ['::1', 'IP address'],
  ['[2001:db8::1]', 'IP address'],
  ['lab.example.1', 'host name'],
  ['lab.0x1f', 'host name'],
  ['١.٢.٣.٤', 'host name'],
  ['health.alfa.internal', 'Alfa Cloud uses itself'],
  ['Health.ALFA.Internal.', 'Alfa Cloud uses itself'],
  ['ｈｅａｌｔｈ.alfa。internal', 'Alfa Cloud uses itself'],
  ['alfa.internal', 'Alfa Cloud uses itself'],
  ['5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90.alfa', 'Alfa Cloud uses itself'],
  ['lab.invalid', 'leads to no host'],
  ['lab.onion', 'leads to no host'],
  ['', 'host name'],
  ['.', 'host name'],
  ['..', 'host name'],
  ['lab..test', 'host name'],
  ['lab.test..', 'host name'],
  ['.lab.test', 'host name'],
  ['-lab.test', 'host name'],
  ['lab-.test', 'host name'],
  ['-лаб.рф', 'host name'],
  ['lab_1.test', 'host name'],
  ['lab.test/path', 'host name'],
  ['lab.test:80', 'host name'],
  ['user@lab.test', 'host name'],
  ['lab%2etest', 'host name'],
  ['lab.test\n', 'host name'],
  ['ла\nб.рф', 'host name'],
  ['ла б.рф', 'host name'],
  ['лаб.рф／путь', 'host name'],
  ['лаб％2e.рф', 'host name'],
  ['*.lab.test', 'host name'],
  ['xn--a.test', 'host name'],
  [`${'я'.repeat(64)}.рф`, 'host name'],
  [`${'a.'.repeat(95)}test`, 'host name'],
])('%j is no name of a public host', (name, says) => {
  expect(detailsOf(name)).toEqual([expect.stringContaining(says), expect.stringContaining(says)]);
});

test.each([
  ['WWW.Lab.Test', 'www.lab.test'],
  ['lab.test.', 'lab.test'],
  ['лаборатория.рф', 'xn--80aac3alubocs0m.xn--p1ai'],
  ['ЛАБОРАТОРИЯ.РФ.', 'xn--80aac3alubocs0m.xn--p1ai'],
  ['XN--80AAC3ALUBOCS0M.xn--p1ai', 'xn--80aac3alubocs0m.xn--p1ai'],
  ['лаб。рф', 'xn--80ac2a.xn--p1ai'],
  ['straße.de', 'xn--strae-oqa.de'],
  ['1.2.3.4.nip.io', '1.2.3.4.nip.io'],
  ['123.lab.test', '123.lab.test'],
  ['alfa.localhost', 'alfa.localhost'],
  ['alfa.internal.example.org', 'alfa.internal.example.org'],
  ['myalfa.internal', 'myalfa.internal'],
])('%j is one, stored as %s', (name, stored) => {
  expect(detailsOf(name)).toEqual([]);
  expect(asciiDomain(name)).toBe(stored);
  expect(conforms(DomainName, stored)).toBe(true);
  expect(asciiDomain(unicodeDomain(stored))).toBe(stored);
});

const nasty = fc.constantFrom(
  ...Array.from('aZ0-._/:@%*\\[]{}#?\n\r\t \u00ad\u200d。．／％ßяЯא١🧪'),
  'xn--',
  'alfa',
  '.internal',
  '127',
);
const names = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 });

test('whatever is taken is one host name to everybody, and stays what it is', () => {
  fc.assert(
    fc.property(names, (parts) => {
      const name = parts.join('');
      if (hostNameFault(name) !== null) return;
      const stored = asciiDomain(name) ?? '';
      expect(conforms(DomainName, stored)).toBe(true);
      expect(stored).toMatch(/\.(?!\d+$)[a-z0-9-]+$/);
      expect(stored).not.toMatch(/(?:^|\.)(?:alfa|alfa\.internal|invalid|onion)$/);
      expect(new URL(`http://${stored}`).hostname).toBe(stored);
      expect(hostNameFault(unicodeDomain(stored))).toBe(null);
      expect(asciiDomain(unicodeDomain(stored))).toBe(stored);
      expect(asciiDomain(name.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()))).toBe(stored);
    }),
    { numRuns: 3000 },
  );
});

test('names stored by an earlier version are shown, whatever they are', () => {
  for (const name of ['localhost', '1.2.3.4', 'xn--a.test', 'health.alfa.internal'])
    expect(unicodeDomain(name)).toBe(name);
});

test.each([
  ['info@лаборатория.рф', 'info@xn--80aac3alubocs0m.xn--p1ai', 'info@лаборатория.рф'],
  ['Info@ЛАБ.рф', 'Info@xn--80ac2a.xn--p1ai', 'Info@лаб.рф'],
  ["o'brien@lab.test", "o'brien@lab.test", "o'brien@lab.test"],
  ['Owner@Lab.Test', 'Owner@Lab.Test', 'Owner@Lab.Test'],
])('the e-mail address %s is stored as %s and shown as %s', (written, stored, shown) => {
  expect(faultsOf(ClientAttributes, client(written))).toEqual([]);
  expect(faultsOf(ClientChanges, { email: written })).toEqual([]);
  expect(asciiEmail(written)).toBe(stored);
  expect(unicodeEmail(stored)).toBe(shown);
  const personal = { name: 'Lab', email: stored, ownerLogin: stored, notes: '' };
  expect(faultsOf(PersonalData, personal)).toEqual([]);
});

test.each([
  'иван@лаб.рф',
  'info@лаб',
  'info@лаб.рф/x',
  'info@лаб\n.рф',
  'info@@лаб.рф',
  'info@ла б.рф',
  '@лаб.рф',
  'x',
  `a@${'я.'.repeat(60)}рф`,
])('%j is no e-mail address', (email) => {
  expect(faultsOf(ClientAttributes, client(email))).toMatchObject([
    { detail: expect.stringMatching(/^must be an e-mail/) },
  ]);
});

test('every e-mail address that is taken, up to the length of a login, may be the login', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      if (!conforms(ClientAttributes, client(email)) || email.length > 100) return;
      expect(faultsOf(ClientAttributes, { ...client(email), ownerLogin: email })).toEqual([]);
    }),
  );
});

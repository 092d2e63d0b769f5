import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closedPage } from './closed-page.ts';
import { clientNames } from './names.ts';
import { inHtml, inJson } from './page-text.ts';
import { pageOfVhost, vhostDigest, vhostText } from './virtual-host.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '\\',
      '$',
      '{',
      '}',
      ';',
      '#',
      '<',
      '>',
      '&',
      '\n',
      '\r',
      '\0',
      '`',
      '%',
      'я',
      '🧪',
      '\ud800',
      'a',
    ),
    maxLength: 500,
  }),
  fc.constantFrom(
    '${host}',
    '$request_uri',
    '"; return 200 "x',
    '</p><script>',
    '&lt;',
    '\\"',
    '🧪'.repeat(500),
  ),
);

const upstream = '01234567-89ab-cdef-0123-456789abcdef';

const vhostOf = (message: string | null, expired = false) => {
  const { host } = clientNames('lab', 'lab.test');
  const page = { maintenance: { message }, expired };
  return vhostText({
    ownerTag: 'cloud.alfa.client=1',
    slug: 'lab',
    host,
    aliases: [],
    upstream,
    locale: 'ru',
    limits: { uploadMb: 64, requestTimeoutS: 300 },
    page,
  });
};

test('no message leaves the paragraph or the quotes that it stands in', () => {
  const lines = vhostOf('x').split('\n').length;
  fc.assert(
    fc.property(nasty, (message) => {
      expect(inHtml(message)).not.toMatch(/["'<>$\\;{}](?<!&#\d{1,3};)/);
      const text = vhostOf(message);
      expect(text.split('\n')).toHaveLength(lines);
      const [, quoted = ''] = /^ {4}set \$alfa_page "(.*)";$/m.exec(text) ?? [];
      expect(quoted).not.toMatch(/["$\\]/);
      const [, json = ''] = /^ {6}set \$alfa_page '(.*)';$/m.exec(text) ?? [];
      expect(json).not.toMatch(/['$]|\\(?!u[0-9a-f]{4})/);
      expect(JSON.parse(json)).toMatchObject({ errors: [{ status: '503', code: 'maintenance' }] });
      expect(quoted.match(/<[^>]*>/g)).toEqual(
        closedPage({ maintenance: { message: 'x' }, expired: false }, 'ru')?.html.match(/<[^>]*>/g),
      );
      // A word or a comment of more than 4096 bytes would keep nginx from loading any client's virtual host.
      for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(4096);
    }),
    { numRuns: 500 },
  );
});

const text = fc
  .array(fc.oneof(fc.string(), fc.constant('\n')), { maxLength: 40 })
  .map((parts) => parts.join('').slice(0, 400));

test('whoever reads the page sees the message as it was written', () => {
  fc.assert(
    fc.property(text, (message) => {
      const decoded = inHtml(message).replaceAll(/&#(\d+);/g, (_all, code: string) =>
        String.fromCodePoint(Number(code)),
      );
      expect(decoded).toBe(message);
      expect(JSON.parse(`"${inJson(message)}"`)).toBe(message.toWellFormed());
    }),
  );
});

test('a message of several lines is shown line by line', () => {
  const page = { maintenance: { message: 'Back at 18:00.\n\nCall 123' }, expired: false };
  const shown = closedPage(page, 'en')?.html ?? '';
  expect(shown).toContain('>Back at 18:00.&#10;&#10;Call 123</p>');
  expect(shown).toMatch(/p\{[^}]*white-space:pre-line/);
});

test('a message longer than 500 characters is cut and says so', () => {
  const shown = Array.from(inHtml('я'.repeat(501)));
  expect(shown).toHaveLength(500);
  expect(shown.at(-1)).toBe('…');
});

test('a virtual host tells what it shows, and its digest follows from that', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.boolean(), (message, expired) => {
      const text = vhostOf(message, expired);
      expect(pageOfVhost(text)).toEqual({ maintenance: { message }, expired });
      expect(vhostDigest(text)).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
  expect(vhostDigest(vhostOf('a'))).not.toBe(vhostDigest(vhostOf('b')));
  expect(pageOfVhost('# somebody else wrote this\nserver {}\n')).toBe(null);
  expect(pageOfVhost('# mark\n# page {broken\n')).toBe(null);
});

test('expiry goes before maintenance, maintenance before the application; each in the language of the client', () => {
  const maintenance = { message: null };
  expect(closedPage({ maintenance, expired: true }, 'en')).toMatchObject({
    kind: 'expired',
    status: 403,
    retryAfterSeconds: null,
  });
  expect(closedPage({ maintenance: null, expired: true }, 'ru')?.html).toContain('Срок использования истёк');
  expect(closedPage({ maintenance, expired: false }, 'ru')?.html).toContain('технические работы');
  expect(closedPage({ maintenance, expired: false }, 'en')?.html).toContain("lang='en'");
  expect(closedPage({ maintenance: null, expired: false }, 'en')).toBe(null);
});

test('health is passed on while a page stands in the place of the application', () => {
  const text = vhostOf('x', true);
  expect(text).toMatch(
    /location = \/healthz \{\s+set \$alfa_upstream http:\/\/01234567-[-0-9a-f]+\.alfa:8000;/,
  );
  expect(text).toContain('return 403 $alfa_page;');
  expect(text).not.toContain('Retry-After');
  expect(vhostOf('x')).toContain('add_header Retry-After 120 always;');
});

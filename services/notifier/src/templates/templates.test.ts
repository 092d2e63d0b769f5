import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render, templateFaults } from './render.ts';
import { loadTemplates } from './templates.ts';
import type { MailFacts } from './values.ts';

const facts: MailFacts = {
  locale: 'en',
  name: 'Laboratory One',
  cloudUrl: 'https://lab-one.xn--bcher-kva.test:8443',
  login: 'owner@lab.test',
  password: 'Blue-Kettle-42',
  expireDate: '2026-12-03',
  today: '2026-11-26',
  brand: { name: 'Alfa', url: 'https://alfa.test', supportEmail: 'help@alfa.test' },
};
const mails = loadTemplates();

test('the mail with the access says where, who and by which password, in both languages', () => {
  for (const [locale, words] of [
    ['en', ['Your cloud of Alfa is ready', 'Please change the password', '3 December 2026']],
    ['ru', ['Ваше облако Alfa готово', 'смените, пожалуйста, пароль', '3 декабря 2026']],
  ] as const) {
    const { subject, text, html } = mails('success', { ...facts, locale });
    expect(subject).toBe(words[0]);
    const told = ['https://lab-one.bücher.test:8443', 'owner@lab.test', 'Blue-Kettle-42', 'help@alfa.test'];
    for (const part of [...told, ...words.slice(1)]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(part);
      expect(html.replaceAll(/\s+/g, ' ')).toContain(part);
    }
    expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined|\n\n\n/);
  }
});

test('a link takes the place of the password, in both languages', () => {
  const { password: _, ...without } = facts;
  const url = 'https://cloud.test/password/abc';
  const passwordLink = { url, until: new Date('2026-12-03T12:00:00Z'), timeZone: 'Europe/Berlin' };
  for (const [locale, words] of [
    ['en', ['shows the password once', '3 December 2026', '13:00']],
    ['ru', ['покажет пароль один раз', '3 декабря 2026', '13:00']],
  ] as const) {
    const { text, html } = mails('success', { ...without, passwordLink, locale });
    for (const part of [url, ...words]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(part);
      expect(html.replaceAll(/\s+/g, ' ')).toContain(part);
    }
    expect(text).not.toMatch(/[{}]|undefined|\n\n\n|delete this mail|удалите/);
  }
});

test.each([
  ['2026-11-26', 'en', 'until the end of today', 'may be used until the end of today'],
  ['2026-11-27', 'en', 'until the end of tomorrow', 'tomorrow'],
  ['2026-12-03', 'en', 'for 7 more days', '3 December 2026'],
  ['2026-11-25', 'en', 'has reached the end', 'ended on 25 November 2026'],
  ['2026-11-26', 'ru', 'срок истекает сегодня', 'сегодня'],
  ['2026-11-27', 'ru', 'срок истекает завтра', 'завтра'],
  ['2026-11-29', 'ru', 'до окончания срока 3 дня', '29 ноября 2026'],
  ['2026-12-03', 'ru', 'до окончания срока 7 дней', '3 декабря 2026'],
  ['2026-12-17', 'ru', 'до окончания срока 21 день', '17 декабря 2026'],
  ['2026-11-25', 'ru', 'закончился', 'закончился 25 ноября 2026'],
] as const)('a warning of %s in %s says "%s"', (expireDate, locale, inSubject, inText) => {
  const { password: _, ...warning } = facts;
  const { subject, text, html } = mails('expire', { ...warning, locale, expireDate });
  expect(subject).toContain(inSubject);
  expect(text).toContain(inText);
  expect(html).toContain(inText);
  expect(text).toContain('help@alfa.test');
  expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined|\n\n\n/);
});

test('values are escaped in HTML, cleaned of line breaks, and never read as templates', () => {
  const name = '<script>alert("x")</script>\r\nBcc: all@evil.test {{password}} {{#ended}}';
  const { subject, text, html } = mails('success', { ...facts, name, brand: { ...facts.brand, name } });
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; Bcc: all@evil.test {{password}}');
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text).not.toMatch(/^Bcc:/m);
  expect(
    mails('success', { ...facts, brand: { ...facts.brand, name: 'x'.repeat(1000) } }).subject,
  ).toHaveLength(300);
});

test('sections stand or fall by their value, and take their lines with them', () => {
  const source = 'a\n{{#x}}\nx is {{x}}\n{{/x}}\n{{^x}}\nno x\n{{/x}}\nb';
  expect(render(source, { x: 'X' })).toBe('a\nx is X\nb');
  expect(render(source, { x: '' })).toBe('a\nno x\nb');
  expect(render(source, { x: false })).toBe('a\nno x\nb');
});

test('faults of a template are found', () => {
  const faults = templateFaults('{{a}} {{b}} {{#a}} {{/a}} {{^c}}{{/c}} {{#a}} {{ a }}', ['a']);
  expect(faults).toEqual([
    '{{#c}} is not known',
    '{{b}} is not known',
    '{{#a}} has no other end, or is no mark',
    '{{ a }} has no other end, or is no mark',
  ]);
});

test('a directory stands in for single templates; what is wrong in it is named', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alfa-templates-'));
  try {
    await writeFile(join(directory, 'success.en.txt'), 'Subject: Hi {{name}}\n\nGo to {{cloudUrl}}\n');
    const { subject, text, html } = loadTemplates(directory)('success', facts);
    expect([subject, text]).toEqual(['Hi Laboratory One', 'Go to https://lab-one.bücher.test:8443\n']);
    expect(html).toContain('Blue-Kettle-42');
    expect(() => loadTemplates(directory, 'link')).toThrow(/success\.en\.txt: with ALFA_MAIL_PASSWORDS=link/);
    await writeFile(join(directory, 'success.en.txt'), 'Hi {{nobody}}\n');
    await writeFile(join(directory, 'sucess.ru.txt'), 'Subject: x\n\n');
    expect(() => loadTemplates(directory)).toThrow(/first line[^]*nobody[^]*sucess\.ru\.txt is no template/);
    expect(() => loadTemplates(join(directory, 'none'))).toThrow(/ENOENT/);
  } finally {
    await rm(directory, { recursive: true });
  }
});

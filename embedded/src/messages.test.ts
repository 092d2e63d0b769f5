import { expect, test } from '@jest/globals';
import { messagesRu } from '@alfa-cloud/contracts';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The template of a tagged literal that begins here: each `${…}` in it is one value. */
const templateAt = (source: string, start: number): string => {
  let template = '';
  for (let at = start; source[at] !== '`'; at += 1) {
    if (source[at] === '\\') {
      at += 1;
      template += source[at] === 'n' ? '\n' : source[at];
    } else if (source.startsWith('${', at)) {
      template += '{}';
      for (let depth = 1, inner = at + 2; depth > 0; inner += 1) {
        if (source[inner] === '{') depth += 1;
        if (source[inner] === '}') depth -= 1;
        at = inner;
      }
    } else template += source[at];
  }
  return template;
};

/** What the sources say as messages: tagged literals, and texts that complete "this value …". */
const templatesIn = (source: string): string[] => [
  ...[...source.matchAll(/\bmessage`/g)].map(({ index }) => templateAt(source, index + 'message`'.length)),
  ...[...source.matchAll(/'(must (?:[^'\\\n]|\\.)*)'/g)].map(([, text = '']) => text.replaceAll("\\'", "'")),
  ...[...source.matchAll(/keyLost =\s*"([^"]*)"/g)].map(([, text = '']) => text),
];

const said = async (): Promise<Set<string>> => {
  const templates = new Set<string>();
  for await (const file of glob('{services,libs}/*/src/**/*.ts', { cwd: root })) {
    if (/\.test\.ts$|\/testing\/|words\/message/.test(file)) continue;
    for (const template of templatesIn(await readFile(join(root, file), 'utf8'))) templates.add(template);
  }
  return templates;
};

test('every message that the services say has its sentence in Russian, and no other has', async () => {
  const templates = await said();
  expect(templates.size).toBeGreaterThan(100);
  expect(Object.keys(messagesRu).toSorted()).toEqual([...templates].toSorted());
});

test.each(Object.entries(messagesRu))('%s takes the same values in Russian', (template, sentence) => {
  const count = template.split('{}').length - 1;
  const places = [...sentence.matchAll(/\{(\d?)\}/g)].map(([, number], index) => Number(number || index + 1));
  expect(new Set(places)).toEqual(new Set(Array.from({ length: count }, (_, index) => index + 1)));
  expect(sentence).toMatch(/[а-яё]/i);
});

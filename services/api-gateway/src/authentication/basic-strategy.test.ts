import { expect, test } from '@jest/globals';
import { parseBasicHeader } from './basic-strategy.ts';

const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['admin:secret', 'admin', 'secret'],
  ['admin:a:b:c', 'admin', 'a:b:c'],
  ['admin::', 'admin', ':'],
  ['админ:пароль', 'админ', 'пароль'],
])('%s', (text, login, password) => {
  expect(parseBasicHeader(encode(text))).toEqual({ login, password });
});

test.each([undefined, '', 'Basic', 'Bearer YTpi', encode('admin'), encode(':secret'), 'Basic a b'])(
  '%s is none',
  (header) => {
    expect(parseBasicHeader(header)).toBeNull();
  },
);

import { expect, test } from '@jest/globals';
import { parseNatsUrl } from './nats-url.ts';

test('several addresses and escaped credentials; no credentials in the label', () => {
  expect(parseNatsUrl('nats://us%40er:p%3Ass@one:4222, two:4223')).toEqual({
    servers: ['nats://one:4222', 'nats://two:4223'],
    user: 'us@er',
    pass: 'p:ss',
    label: 'nats://one:4222,nats://two:4223',
  });
});

test('an empty address is refused', () => {
  expect(() => parseNatsUrl(' , ')).toThrow('empty');
});

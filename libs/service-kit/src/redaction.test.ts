import { expect, test } from '@jest/globals';
import { createLogger, type Logger } from './index.ts';

/** What is logged as text and parsed. */
const logged = (log: (logger: Logger) => void): { text: string; line: Record<string, unknown> } => {
  const lines: string[] = [];
  log(createLogger({ service: 'x', destination: { write: (line: string) => void lines.push(line) } }));
  expect(lines).toHaveLength(1);
  const text = lines.join('');
  return { text, line: JSON.parse(text) as Record<string, unknown> };
};

const failure = () => Object.assign(new Error('failed'), { code: 'E1', request: { password: 'canary' } });

test.each<[string, (logger: Logger) => void]>([
  ['at the top', (logger) => logger.info({ password: 'canary' })],
  ['in an object', (logger) => logger.info({ a: { privateKey: 'canary' } })],
  ['deep down', (logger) => logger.info({ a: { b: { c: { d: { hash: 'canary' } } } } })],
  ['in an array', (logger) => logger.info({ a: [{ credentials: { key: 'canary' } }] })],
  ['in an error', (logger) => logger.info({ err: failure() })],
  ['in an error logged by itself', (logger) => logger.error(failure())],
  ['in an error under another name', (logger) => logger.info({ reason: failure() })],
  ['in the cause of an error', (logger) => logger.info({ err: new Error('x', { cause: failure() }) })],
  ['in the bindings of a child', (logger) => logger.child({ a: { secrets: 'canary' } }).info('hello')],
  ['in the bindings of a grandchild', (logger) => logger.child({}).child({ hash: 'canary' }).info('hello')],
  ['behind toJSON', (logger) => logger.info({ a: { toJSON: () => ({ authorization: 'canary' }) } })],
])('a secret %s is not written', (_where, log) => {
  expect(logged(log).text).not.toContain('canary');
});

test('all else is written as it is, and the object logged stays untouched', () => {
  const facts = { at: new Date(0), list: [1, { a: null }], password: 'canary', n: { hash: 'canary', b: 2 } };
  const { line } = logged((logger) => logger.info(facts, 'hello'));
  expect(line).toMatchObject({
    level: 'info',
    service: 'x',
    msg: 'hello',
    at: '1970-01-01T00:00:00.000Z',
    list: [1, { a: null }],
    password: '[redacted]',
    n: { hash: '[redacted]', b: 2 },
  });
  expect(facts).toMatchObject({ password: 'canary', n: { hash: 'canary' } });
});

test('errors keep their type, message, stack and members', () => {
  const { line } = logged((logger) => logger.info({ err: failure() }));
  expect(line['err']).toMatchObject({
    type: 'Error',
    message: 'failed',
    code: 'E1',
    stack: expect.stringContaining('failed'),
    request: { password: '[redacted]' },
  });
});

test('an object that holds itself is written all the same', () => {
  const cycle: Record<string, unknown> = { password: 'canary' };
  cycle['self'] = cycle;
  const { text } = logged((logger) => logger.info({ cycle }));
  expect(text).not.toContain('canary');
});

import { expect, test } from '@jest/globals';
import { createLogger } from './index.ts';

const logged = (error: unknown): string => {
  const lines: string[] = [];
  createLogger({ service: 'x', destination: { write: (line: string) => void lines.push(line) } }).warn({
    err: error,
  });
  return lines.join('');
};

const named = (name: string, fields: object = {}) =>
  Object.assign(new Error('no answer'), { name, ...fields });

test.each<[string, Error]>([
  ['NATS can not be reached', named('MessagingUnavailable')],
  ['a request to NATS times out', named('TimeoutError')],
  ['nobody answers on NATS', named('RequestError', { cause: named('NoResponders') })],
  ['the event store does not answer', named('EventStoreUnavailable')],
  ['a call to the event store breaks', named('Error', { code: 14, details: 'No connection established' })],
  ['a subscription to the event store breaks', named('UnavailableError', { type: 'unavailable' })],
  ['Docker does not answer', named('CloudServerError', { kind: 'transient', code: 'docker_unreachable' })],
  ['a connection is refused', named('Error', { code: 'ECONNREFUSED' })],
  ['a deadline passes', named('DeadlineExceeded')],
])('%s: the log says so without a stack trace', (_what, error) => {
  const around = new Error('could not start', { cause: error });
  for (const text of [
    logged(error),
    logged(around),
    logged(new AggregateError([error], 'all', { cause: error })),
  ]) {
    expect(text).toContain('no answer');
    expect(text).not.toContain('away.test');
    expect(text).not.toContain('"stack"');
  }
});

test.each<[string, Error]>([
  ['a fault in the program', new TypeError('x is not a function')],
  ['a refusal of Docker', named('CloudServerError', { kind: 'final', code: 'docker_refused' })],
  ['an error of a caller', named('Error', { code: 'E1' })],
])('%s keeps its stack trace', (_what, error) => {
  expect(logged(error)).toContain('away.test');
});

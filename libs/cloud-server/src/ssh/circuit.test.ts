import { message } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { CloudServerError } from '../cloud-server-error.ts';
import { Circuit } from './circuit.ts';

const refusal = new CloudServerError('transient', 'server_unreachable', message`connect ECONNREFUSED`);

const setUp = () => {
  const clock = { now: 0 };
  return { clock, circuit: new Circuit('server x', () => clock.now) };
};

test('a server that has not failed may be tried at once', () => {
  expect(setUp().circuit.admit()).toBe(0);
});

test('after a failure the next attempt is waited for, after more of them calls fail at once with the cause', () => {
  const { clock, circuit } = setUp();
  circuit.failed(refusal);
  expect(circuit.admit()).toBeGreaterThan(300);
  expect([circuit.cause, circuit.retryInMs]).toEqual([refusal, circuit.admit()]);
  for (let count = 0; count < 3; count += 1) circuit.failed(refusal);
  expect(() => circuit.admit()).toThrow(/server x could not be reached .* in \d s: connect ECONNREFUSED/);
  clock.now += 4000;
  expect(circuit.admit()).toBe(0);
});

test('the pause never exceeds a minute', () => {
  const { clock, circuit } = setUp();
  for (let count = 0; count < 30; count += 1) circuit.failed(refusal);
  clock.now += 60_000;
  expect(circuit.admit()).toBe(0);
});

test('where nothing answers at all it never exceeds ten seconds', () => {
  const { clock, circuit } = setUp();
  for (let count = 0; count < 30; count += 1) circuit.failed(refusal, { isSilent: true });
  expect(circuit.retryInMs).toBeGreaterThan(2000);
  clock.now += 10_000;
  expect(circuit.admit()).toBe(0);
});

test('how long a server is away counts from the first failure to the next success', () => {
  const { clock, circuit } = setUp();
  expect(circuit.awayMs).toBe(0);
  circuit.failed(refusal);
  clock.now += 30_000;
  circuit.failed(refusal);
  clock.now += 5000;
  expect(circuit.awayMs).toBe(35_000);
  circuit.succeeded();
  expect(circuit.awayMs).toBe(0);
});

test('it counts from the loss of the connection, once an attempt has failed', () => {
  const { clock, circuit } = setUp();
  circuit.succeeded();
  clock.now += 60_000;
  circuit.lost(refusal);
  clock.now += 20_000;
  expect(circuit.awayMs).toBe(0);
  circuit.failed(refusal);
  expect(circuit.awayMs).toBe(20_000);
  circuit.succeeded();
  clock.now += 1000;
  circuit.failed(refusal);
  expect(circuit.awayMs).toBe(0);
});

test('what was refused for good is told as it is, and not tried again soon', () => {
  const { clock, circuit } = setUp();
  const refused = new CloudServerError('final', 'login_refused', message`no`);
  circuit.failed(refused);
  clock.now += 20_000;
  expect(() => circuit.admit()).toThrow(refused);
  clock.now += 20_000;
  expect(circuit.admit()).toBe(0);
});

test('a connection that lasted is made anew at once, one that did not counts as a failure', () => {
  const { clock, circuit } = setUp();
  circuit.succeeded();
  circuit.lost(refusal);
  expect(circuit.admit()).toBeGreaterThan(0);
  clock.now += 10_000;
  circuit.succeeded();
  clock.now += 31_000;
  circuit.lost(refusal);
  expect(circuit.admit()).toBe(0);
  circuit.failed(refusal);
  expect(circuit.admit()).toBeLessThanOrEqual(500);
});

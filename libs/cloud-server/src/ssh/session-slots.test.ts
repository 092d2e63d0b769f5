import { expect, test } from '@jest/globals';
import { SessionSlots } from './session-slots.ts';

const { signal } = new AbortController();

test('more than the server lets run wait for their turn, in order', async () => {
  const slots = new SessionSlots(2);
  const first = await slots.take(signal);
  await slots.take(signal);
  const order: number[] = [];
  const third = slots.take(signal).then((release) => (order.push(3), release));
  const fourth = slots.take(signal).then(() => order.push(4));
  first();
  // A second time it is not given back.
  first();
  (await third)();
  await fourth;
  expect(order).toEqual([3, 4]);
  expect(slots.taken).toBe(2);
});

test('a refusal teaches how many may run, which is never less than two', async () => {
  const slots = new SessionSlots(10);
  const releases = await Promise.all([1, 2, 3, 4].map(() => slots.take(signal)));
  slots.refused(1);
  const waiting = slots.take(signal);
  for (const release of releases.slice(0, 3)) release();
  await waiting;
  expect(slots.taken).toBe(2);
});

test('who gives up waiting takes nothing, and who keeps a session in vain is asked for it', async () => {
  const slots = new SessionSlots(2);
  const idle = await slots.take(signal);
  await slots.take(signal);
  const impatient = new AbortController();
  const vain = slots.take(impatient.signal);
  impatient.abort(new Error('enough'));
  await expect(vain).rejects.toThrow('enough');
  slots.onPressure(idle);
  await slots.take(signal);
  expect(slots.taken).toBe(2);
});

test('commands leave one session to what ends them, which goes before all that waits', async () => {
  const slots = new SessionSlots(2);
  const order: string[] = [];
  const command = await slots.take(signal, 'command');
  const second = slots.take(signal, 'command').then((release) => (order.push('second'), release));
  const other = await slots.take(signal);
  const late = slots.take(signal).then(() => order.push('late'));
  const ending = slots.take(signal, 'ending').then((release) => (order.push('ending'), release));
  other();
  (await ending)();
  await late;
  command();
  await second;
  expect(order).toEqual(['ending', 'late', 'second']);
  expect(slots.taken).toBe(2);
});

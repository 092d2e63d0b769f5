import { expect, test } from '@jest/globals';
import { createEventParser, readEvents, type StreamEvent } from './event-stream.ts';

const textOf = (id: number | string, name = 'entry'): string =>
  `event: ${name}\nid: ${id}\ndata: {"number":"${id} é"}\n\n`;

test('events are told once they are whole, however the text is cut; comments are none', () => {
  const text = `retry: 2000\n\n${textOf('1')}: still here\n\n${textOf('2').replaceAll('\n', '\r\n')}${textOf('3')}`;
  for (const size of [1, 2, 7, 1000]) {
    const parse = createEventParser();
    const events: StreamEvent[] = [];
    for (let at = 0; at < text.length; at += size) events.push(...parse(text.slice(at, at + size)));
    expect(events.map(({ name, id, data }) => [name, id, data])).toEqual(
      ['1', '2', '3'].map((id) => ['entry', id, { number: `${id} é` }]),
    );
  }
});

/** A log of so many entries whose connection is cut after so many characters, again and again. */
const cutLog = (entries: number, cutAfter: number) => {
  const openings: (string | null)[] = [];
  const pauses: number[] = [];
  const events: StreamEvent[] = [];
  const open = (lastId: string | null) => {
    openings.push(lastId);
    if (lastId === 'end') return Promise.resolve(null);
    if (openings.length % 3 === 2) return Promise.reject(new Error('away'));
    const first = lastId === null ? 1 : Number(lastId) + 1;
    const text = Array.from({ length: entries - first + 1 }, (_, index) => textOf(first + index)).join('');
    const whole = text + textOf('end', 'end');
    return Promise.resolve(
      (async function* () {
        yield whole.slice(0, cutAfter / 2);
        yield whole.slice(cutAfter / 2, cutAfter);
        if (whole.length > cutAfter) throw new Error('cut off');
      })(),
    );
  };
  const reader = {
    open,
    isPassing: (error: unknown) => String(error) !== 'Error: refused',
    onEvents: (some: readonly StreamEvent[]) => events.push(...some),
    onOpen: () => undefined,
    pause: (ms: number) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return { reader, openings, pauses, events };
};

test('no event is lost or comes twice when the stream is cut', async () => {
  const { reader, openings, events } = cutLog(40, 130);
  await readEvents(reader, new AbortController().signal);
  expect(events.map(({ id }) => id)).toEqual([...Array.from({ length: 40 }, (_, at) => `${at + 1}`), 'end']);
  expect(openings.length).toBeGreaterThan(10);
});

test('pauses grow while nobody answers; what does not pass ends it', async () => {
  const { reader, pauses } = cutLog(1, 1000);
  let attempts = 0;
  const open = () => {
    attempts += 1;
    return Promise.reject(new Error(attempts === 7 ? 'refused' : 'away'));
  };
  await expect(readEvents({ ...reader, open }, new AbortController().signal)).rejects.toThrow('refused');
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
});

test('an aborted reading ends without a fault', async () => {
  const { reader, events } = cutLog(40, 130);
  const leaving = new AbortController();
  const onEvents = (some: readonly StreamEvent[]) => {
    events.push(...some);
    leaving.abort();
  };
  await readEvents({ ...reader, onEvents }, leaving.signal);
  expect(events.length).toBeLessThan(5);
});

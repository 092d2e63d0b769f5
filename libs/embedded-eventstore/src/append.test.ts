import { describe, expect, test } from '@jest/globals';
import type { StreamHistory, StreamState } from './append.ts';
import { ANY, NO_STREAM, STREAM_EXISTS, decideAppend } from './append.ts';

/** A stream that holds events with these ids, from revision 0. */
function given(ids: string, state: Partial<StreamState> = {}) {
  const stored = ids.split('');
  const history: StreamHistory = {
    revisionOf: (id) => (stored.includes(id) ? stored.indexOf(id) : undefined),
    idsFrom: (revision) => stored.slice(revision).values(),
  };
  const whole: StreamState = {
    lastRevision: stored.length - 1,
    tombstoned: false,
    softDeleted: false,
    hasMetadata: false,
    ...state,
  };
  return {
    append: (proposed: string, expected: number) =>
      decideAppend(whole, history, expected, proposed.split('')),
  };
}

const write = { kind: 'write' };
const wrong = { kind: 'wrongExpectedVersion' };
const deleted = { kind: 'streamDeleted' };
const already = (revision: number) => ({ kind: 'alreadyWritten', revision });

describe('a tombstone', () => {
  test.each([ANY, STREAM_EXISTS, NO_STREAM, 0, 1, 5])('refuses everything: expected %i', (expected) => {
    expect(given('ab', { tombstoned: true }).append('x', expected)).toEqual(deleted);
  });
});

describe('stream exists', () => {
  test('is fulfilled by events or by metadata', () => {
    expect(given('a').append('x', STREAM_EXISTS)).toEqual(write);
    expect(given('', { hasMetadata: true }).append('x', STREAM_EXISTS)).toEqual(write);
    expect(given('').append('x', STREAM_EXISTS)).toEqual(wrong);
  });

  test('is not fulfilled by a deleted stream', () => {
    expect(given('a', { softDeleted: true, hasMetadata: true }).append('x', STREAM_EXISTS)).toEqual(deleted);
  });
});

describe.each([ANY, STREAM_EXISTS])('without a revision (%i) the ids decide', (expected) => {
  test.each([
    ['nothing proposed', 'ab', '', write],
    ['none known', 'ab', 'xy', write],
    ['first unknown, later known', 'ab', 'xa', write],
    ['all known', 'abc', 'bc', already(2)],
    ['all known, in another order', 'abc', 'ca', already(0)],
    ['known twice: the first', 'aba', 'a', already(0)],
    ['first known, later unknown', 'ab', 'bx', wrong],
  ])('%s', (_name, stored, proposed, decision) => {
    expect(given(stored).append(proposed, expected)).toEqual(decision);
  });
});

describe('with a revision', () => {
  test.each([
    ['the current one', 'ab', 1, 'x', write],
    ['no stream, and there is none', '', NO_STREAM, 'x', write],
    ['a newer one', 'ab', 2, 'x', wrong],
    ['no stream, but there is one', 'ab', NO_STREAM, 'x', wrong],
    ['nothing proposed at the current one', 'ab', 1, '', write],
    ['nothing proposed at an older one', 'ab', 0, '', wrong],
    ['an older one, with what is there', 'abcd', 0, 'bc', already(2)],
    ['no stream, with what is there', 'abc', NO_STREAM, 'ab', already(1)],
    ['an older one, with what is there up to the end', 'abc', 0, 'bc', already(2)],
    ['an older one, differing at first', 'abc', 0, 'xc', wrong],
    ['an older one, differing later', 'abc', 0, 'bx', wrong],
    ['an older one, running beyond the end', 'abc', 0, 'bcx', wrong],
  ])('%s', (_name, stored, expected, proposed, decision) => {
    expect(given(stored).append(proposed, expected)).toEqual(decision);
  });
});

describe('a deleted stream', () => {
  const stream = given('ab', { softDeleted: true, hasMetadata: true });

  test('is written to again by any, by its last revision and by "no stream"', () => {
    expect(stream.append('x', ANY)).toEqual(write);
    expect(stream.append('x', 1)).toEqual(write);
    expect(stream.append('x', NO_STREAM)).toEqual(write);
  });

  test('keeps refusing older revisions, and half of what it had', () => {
    expect(stream.append('x', 0)).toEqual(wrong);
    expect(stream.append('ax', NO_STREAM)).toEqual(wrong);
  });

  test('recognises what it had', () => {
    expect(stream.append('ab', NO_STREAM)).toEqual(already(1));
  });
});

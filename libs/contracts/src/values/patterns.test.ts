import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Type } from 'typebox';
import { commandCatalogue, eventCatalogue, faultsOf, Instant, Slug } from '../index.ts';
import { patternsOf } from '../testing/patterns.ts';

const schemas = [
  ...Object.values(commandCatalogue).map(({ data }) => data),
  ...Object.values(eventCatalogue),
];
const patterns = [...new Map(patternsOf(schemas).map((found) => [found.pattern, found])).values()];

test('the contracts have patterns', () => {
  expect(patterns.length).toBeGreaterThan(8);
});

test.each(patterns)('$pattern says what is allowed, with an example that is', ({ description = '' }) => {
  expect(description).toMatch(/^must [^"]+ like "[^"]+"$/);
});

test.each(patterns)('the example of $pattern conforms, and another form is told its sentence', (found) => {
  const { example = '', description, schema } = found;
  expect(faultsOf(schema, example)).toEqual([]);
  expect(faultsOf(schema, '\u0007 \u0007')).toContainEqual({
    code: 'validation_failed',
    detail: description,
    pointer: '',
  });
});

test('a pattern without a sentence does not compile', () => {
  expect(() => faultsOf(Type.String({ pattern: '^a$' }), 'a')).toThrow('no sentence');
  expect(() => faultsOf(Type.Object({ a: Type.Array(Type.String({ pattern: '^a$' })) }), {})).toThrow(
    'no sentence',
  );
});

test('what is wrong with a slug is told in words', () => {
  expect(faultsOf(Slug, 'Lab_1')).toMatchObject([
    {
      detail: expect.stringMatching(/^must begin with a letter .* single hyphens.* at most 40 .*"lab-one"$/),
    },
  ]);
});

const two = (number: number): string => String(number).padStart(2, '0');
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((moment) => moment.toISOString().slice(0, 10));
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.constantFrom('', '.5', '.123456789'))
  .map(([hours, minutes, seconds, fraction]) => `${two(hours)}:${two(minutes)}:${two(seconds)}${fraction}`);
const zone = fc.constantFrom('Z', 'z', '+00:00', '-03:30', '+14:00');

test('every moment of RFC 3339 is one', () => {
  fc.assert(
    fc.property(day, fc.constantFrom('T', 't'), clock, zone, (...parts) => {
      expect(faultsOf(Instant, parts.join(''))).toEqual([]);
    }),
  );
});

test('a moment with anything but T between day and time, or with a break anywhere, is none', () => {
  const blank = fc.constantFrom('\n', '\r', '\t', ' ', '\u2028', '\u00a0', '\v', '_', '', '\r\n');
  fc.assert(
    fc.property(day, blank, clock, zone, (...parts) => {
      expect(faultsOf(Instant, parts.join(''))).toHaveLength(1);
    }),
  );
  const whole = '2026-01-01T00:00:00.000Z';
  fc.assert(
    fc.property(fc.nat(whole.length), fc.constantFrom('\n', '\r', ' ', '\0'), (at, added) => {
      expect(faultsOf(Instant, `${whole.slice(0, at)}${added}${whole.slice(at)}`)).toHaveLength(1);
    }),
  );
});

test.each([
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00+03',
  '2026-01-01T00:00:00',
  5,
])('%s is no moment', (value) => {
  expect(faultsOf(Instant, value)).toHaveLength(1);
});

test('no pattern takes a value for the line break at its end', () => {
  for (const { schema, example = '', pattern } of patterns) {
    const manyLines = pattern.includes('\\r\\n');
    expect([pattern, faultsOf(schema, `${example}\n`).length]).toEqual([pattern, manyLines ? 0 : 1]);
  }
});

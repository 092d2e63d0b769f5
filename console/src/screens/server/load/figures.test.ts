import { expect, test } from '@jest/globals';
import { seriesOf, stacked, summaryOf } from './figures.ts';

test('a summary leaves out what was not measured; the highest comes from the peaks', () => {
  expect(summaryOf([1, null, 3, null], [2, null, 9, null])).toEqual({ now: 3, average: 2, highest: 9 });
  expect(summaryOf([null])).toEqual({ now: null, average: null, highest: null });
});

test('lines one upon the other; a gap stays one', () => {
  expect(
    stacked([
      [1, 2, null],
      [10, null, 5],
      [100, 100, 100],
    ]),
  ).toEqual([
    [1, 2, null],
    [11, null, null],
    [111, null, null],
  ]);
});

test('a series of a disk is not that of the server', () => {
  const series = { min: [], avg: [], max: [] };
  const ofServer = { ...series, of: 'server' as const, about: null, metric: 'load' };
  const ofDisk = { ...series, of: 'disk' as const, about: '/', metric: 'usedBytes' };
  expect(seriesOf([ofServer, ofDisk], 'usedBytes', '/')).toBe(ofDisk);
  expect(seriesOf([ofServer, ofDisk], 'usedBytes')).toBeUndefined();
});

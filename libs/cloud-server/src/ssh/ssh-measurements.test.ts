import { expect, test } from '@jest/globals';
import { parseMeasurements } from './ssh-measurements.ts';

const whole = `load 0.42 0.30 0.20 1/200 4711
cpus 4
MemTotal:       1000 kB
MemFree:         100 kB
MemAvailable:    400 kB
disk 4096 1000 250
`;

test('what a server tells about itself', () => {
  expect(parseMeasurements(whole)).toEqual({
    load: 0.42,
    cpus: 4,
    memoryTotalBytes: 1_024_000,
    memoryUsedBytes: 614_400,
    diskTotalBytes: 4_096_000,
    diskFreeBytes: 1_024_000,
  });
});

test.each([
  ['nproc is not there', whole.replace('cpus 4', 'cpus '), { cpus: null, load: 0.42 }],
  ['stat is another one', whole.replace('disk 4096 1000 250', 'disk ?'), { diskFreeBytes: null, cpus: 4 }],
  ['nothing', '', { load: null, memoryTotalBytes: null, diskTotalBytes: null }],
])('is null where %s', (_, text, expected) => {
  expect(parseMeasurements(text)).toMatchObject(expected);
});

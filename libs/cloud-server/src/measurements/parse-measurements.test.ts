import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMeasurements } from './parse-measurements.ts';
import { versionOne, versionTwo } from './samples.ts';

const exchange = { sentAt: 1_764_154_800_000, answeredAt: 1_764_154_800_040 };
const interfaces = [{ name: 'eth0', receivedBytes: 1316, sentBytes: 420 }];

test('a server with control groups of version 1', () => {
  const disk = {
    path: '/',
    totalBytes: 264_212_084 * 1024,
    usedBytes: 26_953_268 * 1024,
    freeBytes: 79_437_644 * 1024,
    inodes: 16_777_216,
    inodesFree: 16_216_048,
  };
  expect(parseMeasurements(versionOne.text, exchange)).toEqual({
    bootId: '06683fc5-7634-4046-9bc4-8bce47078b07',
    uptimeSeconds: 25_649.43,
    clockOffsetMs: 103,
    clockUncertaintyMs: 21,
    load: 8.17,
    load5: 7.64,
    load15: 5.76,
    cpus: 2,
    cpuTime: { user: 3_386_472, system: 821_530, iowait: 21_337, steal: 42_209, idle: 837_322 },
    memoryTotalBytes: 24_683_656 * 1024,
    memoryUsedBytes: (24_683_656 - 24_006_960) * 1024,
    swapTotalBytes: 1_048_576 * 1024,
    swapUsedBytes: 576 * 1024,
    diskTotalBytes: disk.totalBytes,
    diskFreeBytes: disk.freeBytes,
    fileSystems: [disk],
    devices: [{ name: 'vda', operations: 6_027_476, waitedMs: 9_227_983, busyMs: 1_244_292 }],
    interfaces: [{ name: 'eth0', receivedBytes: 3_752_445_490, sentBytes: 26_798_404 }],
    containers: [{ id: versionOne.id, cpuMs: 6481.234567, memoryBytes: 8_257_536 - 3_035_136, interfaces }],
  });
});

test('a server with control groups of version 2, and a clock that tells seconds alone', () => {
  const measured = parseMeasurements(versionTwo.text, exchange);
  expect(measured).toMatchObject({
    clockOffsetMs: 480,
    clockUncertaintyMs: 520,
    diskFreeBytes: 300 * 1024,
    containers: [{ id: versionTwo.id, cpuMs: 6481.234, memoryBytes: 8_257_536 - 3_031_040, interfaces }],
  });
  expect(measured.fileSystems?.map(({ path, inodes }) => [path, inodes])).toEqual([
    ['/srv/my disk', null],
    ['/', null],
  ]);
});

test.each([
  ['its part is not there', /@load\n.*\n/, '', { load: null, cpus: 2 }],
  ['its words are others', /cpu {2}\d+/, 'cpu ?', { cpuTime: null, load: 8.17 }],
  ['more is free than there is', /MemTotal: +\d+/, 'MemTotal: 1', { memoryUsedBytes: null, cpus: 2 }],
  ['the disk is none that is known', /vda/g, 'dm-0', { devices: null, uptimeSeconds: 25_649.43 }],
])('a value is null alone when %s', (_, right, wrong, expected) => {
  expect(parseMeasurements(versionOne.text.replace(right, wrong), exchange)).toMatchObject(expected);
});

test('without a default route every interface counts that does not lead to containers', () => {
  const text = versionOne.text.replace('eth0\t00000000', 'eth0\t000200C0');
  expect(parseMeasurements(text, exchange).interfaces?.map(({ name }) => name)).toEqual(['eth0']);
});

const allNull = parseMeasurements('', { sentAt: 0, answeredAt: null });

test('a server that has told nothing has no value at all', () => {
  expect(new Set(Object.values(allNull))).toEqual(new Set([null]));
});

/** Numbers anywhere below, with the path to them. */
const numbersIn = (value: unknown, path = ''): [string, number][] => {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => numbersIn(part, `${path}.${name}`));
};

const isSound = ([path, value]: [string, number]): boolean =>
  Number.isFinite(value) && (value >= 0 || path === '.clockOffsetMs');

test('an answer that is cut off anywhere tells what it tells when whole, or null', () => {
  const whole = parseMeasurements(versionOne.text, exchange);
  fc.assert(
    fc.property(fc.nat(versionOne.text.length), (length) => {
      const cut = parseMeasurements(versionOne.text.slice(0, length), exchange);
      for (const [name, value] of Object.entries(cut)) {
        if (value !== null) expect(value).toEqual(whole[name as keyof typeof whole]);
      }
    }),
  );
});

test('no text makes a value that is no number, infinite or negative', () => {
  const words = fc.constantFrom(
    '-1',
    'NaN',
    '1e999',
    '99999999999999999999',
    '',
    '0',
    '18446744073709551615',
    '9'.repeat(400),
    'x',
  );
  fc.assert(
    fc.property(fc.nat(200), words, fc.integer(), (index, word, answeredAt) => {
      let seen = 0;
      const text = versionOne.text.replace(/\d+/g, (number) => (seen++ === index ? word : number));
      const measured = parseMeasurements(text, { sentAt: 0, answeredAt });
      expect(numbersIn(measured).filter((one) => !isSound(one))).toEqual([]);
    }),
  );
});

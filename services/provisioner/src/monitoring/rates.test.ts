import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServerMeasurements } from '@alfa-cloud/cloud-server';
import { sampleOf } from '../../test/samples.ts';
import { presentSample } from './present-sample.ts';
import { ratesBetween } from './rates.ts';

const cpuTime = { user: 100, system: 100, iowait: 100, steal: 100, idle: 100 };
const disk = { name: 'sda', operations: 10, waitedMs: 100, busyMs: 50 };
const cable = { name: 'eth0', receivedBytes: 1000, sentBytes: 2000 };
const before = { cpuTime, devices: [disk], interfaces: [cable] };
const between = (now: Partial<ServerMeasurements>, seconds = 10) =>
  ratesBetween(sampleOf(100, before), sampleOf(100 + seconds, { ...before, ...now }), 90);

describe('rates', () => {
  test('are what happened between two samples', () => {
    const rates = between({
      cpuTime: { user: 150, system: 120, iowait: 110, steal: 100, idle: 120 },
      devices: [{ name: 'sda', operations: 14, waitedMs: 120, busyMs: 5050 }],
      interfaces: [{ name: 'eth0', receivedBytes: 11_000, sentBytes: 2000 }],
    });
    expect(rates).toMatchObject({
      seconds: 10,
      cpu: { user: 50, system: 20, iowait: 10, steal: 0, idle: 20 },
      diskWaitMs: 5,
      diskBusyPercent: 50,
      network: { receivedBytesPerSecond: 1000, sentBytesPerSecond: 0 },
    });
  });

  test('of a container are told by its own counters', () => {
    const first = sampleOf(100, {}, { cpuMs: 500, interfaces: [cable] });
    const later = { cpuMs: 3000, interfaces: [{ ...cable, sentBytes: 2100 }] };
    const rates = ratesBetween(first, sampleOf(110, {}, later), 90);
    expect(rates?.containers.get('container-1')).toEqual({
      cpuPercent: 25,
      network: { receivedBytesPerSecond: 0, sentBytesPerSecond: 10 },
    });
    const another = sampleOf(110, {}, { ...later, id: 'container-2' });
    expect(ratesBetween(first, another, 90)?.containers.get('container-2')).toEqual({
      cpuPercent: null,
      network: null,
    });
  });

  test.each([
    ['the server was started anew', { bootId: 'another', uptimeSeconds: 110 }],
    ['its uptime was set back', { uptimeSeconds: 20 }],
    ['the samples are too far apart', { uptimeSeconds: 1000 }],
    ['the samples are too close together', { uptimeSeconds: 100.2 }],
    ['the uptime is not known', { uptimeSeconds: null }],
  ])('are none when %s', (_, now) => {
    expect(between(now)).toBeNull();
  });

  test.each<[string, Partial<ServerMeasurements>, object]>([
    ['time of processors', { cpuTime: { ...cpuTime, iowait: 90, idle: 200 } }, { cpu: null, diskWaitMs: 0 }],
    ['time of a disk', { devices: [{ ...disk, waitedMs: 3 }] }, { diskWaitMs: null, diskBusyPercent: 0 }],
    ['bytes of an interface', { interfaces: [{ ...cable, sentBytes: 5 }] }, { network: null, diskWaitMs: 0 }],
    ['an interface', { interfaces: [{ ...cable, name: 'eth1' }] }, { network: null }],
  ])('lack only what was set back or is new: %s', (_, now, expected) => {
    expect(between(now)).toMatchObject(expected);
  });
});

const counter = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const cables = fc.array(
  fc.record({ name: fc.constantFrom('eth0', 'eth1'), receivedBytes: counter, sentBytes: counter }),
  { maxLength: 3 },
);
const anySample = fc
  .record({
    seconds: fc.double({ min: 0, max: 300, noNaN: true }),
    measured: fc.record({
      bootId: fc.constantFrom(null, 'one', 'other'),
      cpuTime: maybe(
        fc.record({ user: counter, system: counter, iowait: counter, steal: counter, idle: counter }),
      ),
      devices: maybe(
        fc.array(
          fc.record({
            name: fc.constantFrom('sda', 'sdb'),
            operations: counter,
            waitedMs: counter,
            busyMs: counter,
          }),
        ),
      ),
      interfaces: maybe(cables),
      memoryTotalBytes: maybe(counter),
    }),
    usage: fc.record({ cpuMs: maybe(counter), memoryBytes: maybe(counter), interfaces: maybe(cables) }),
  })
  .map(({ seconds, measured, usage }) => sampleOf(seconds, measured, usage));

/** Every number below, but those that have a sign by nature. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => name !== 'clockOffsetMs' && name !== 'growthBytesPerDay')
    .flatMap(([, part]) => numbersIn(part));
};

test('whatever two samples say, what is shown is never negative, infinite or no number', () => {
  const known = { clients: null, capacity: { clients: 1 }, sizes: null, growth: new Map<string, number>() };
  fc.assert(
    fc.property(anySample, anySample, (one, other) => {
      const shown = presentSample(other, ratesBetween(one, other, 90), known);
      expect(numbersIn(shown).filter((value) => !Number.isFinite(value) || value < 0)).toEqual([]);
      if (shown.cpu !== null) {
        const sum = Object.values(shown.cpu).reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - 100)).toBeLessThan(0.1);
      }
    }),
    { numRuns: 500 },
  );
});

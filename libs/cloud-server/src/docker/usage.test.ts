import { expect, test } from '@jest/globals';
import { usageFromStats } from './usage.ts';

const networks = { eth0: { rx_bytes: 10, tx_bytes: 20 }, eth1: { rx_bytes: 1, tx_bytes: 2 } };

test.each([
  ['version 1', { inactive_file: 1, total_inactive_file: 300 }],
  ['version 2', { inactive_file: 300 }],
])('control groups of %s', (_, stats) => {
  const body = {
    id: 'abc',
    cpu_stats: { cpu_usage: { total_usage: 5_000_000 } },
    memory_stats: { usage: 1000, stats },
    networks,
  };
  expect(usageFromStats(body)).toEqual({
    id: 'abc',
    cpuMs: 5,
    memoryBytes: 700,
    interfaces: [
      { name: 'eth0', receivedBytes: 10, sentBytes: 20 },
      { name: 'eth1', receivedBytes: 1, sentBytes: 2 },
    ],
  });
});

test('a container that does not run uses nothing that is known', () => {
  const body = { id: 'abc', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} };
  expect(usageFromStats(body)).toEqual({ id: 'abc', cpuMs: null, memoryBytes: null, interfaces: null });
});

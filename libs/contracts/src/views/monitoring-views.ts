import { Type } from 'typebox';
import { count, idOf, listOf, moment, oneOf, orNull, part, quantity, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const cpuShares = {
  user: quantity('Programs, percent.', 12.5),
  system: quantity('The kernel, interrupts in it, percent.', 3.2),
  iowait: quantity('Nothing to do but wait for a disk, percent.', 0.4),
  steal: quantity('Taken by other machines of the same host, percent.', 0),
  idle: quantity('Nothing to do, percent.', 83.9),
};

const diskUse = {
  path: text('Where it is mounted.', '/var/lib/docker'),
  totalBytes: count('Its size, bytes.', 107_374_182_400),
  usedBytes: count('What is used, bytes.', 53_687_091_200),
  freeBytes: count(
    'What can still be written, bytes; with what is used it is less than the whole where some is kept for root.',
    48_318_382_080,
  ),
  usedPercent: quantity('Share of what is used in what can be used, percent.', 52.6),
  inodes: orNull(count('Inodes in all; null where they are made as they are needed.', 6_553_600)),
  inodesFree: orNull(count('Inodes that are free; null where they are made as they are needed.', 6_100_000)),
  growthBytesPerDay: orNull(
    quantity(
      'Growth of what is used, bytes a day by the last 24 hours; negative when files were removed, null before an hour of samples.',
      134_217_728,
    ),
  ),
};

const containers = { running: count('Those that run.', 14), total: count('All.', 15) };

const clientUse = {
  id: idOf('The client.'),
  containers: part(containers, 'Its containers.'),
  cpuPercent: orNull(quantity('Share of the processors, percent; 100 is one processor.', 4.2)),
  memoryBytes: orNull(count('Memory without file cache that the kernel would give up, bytes.', 188_743_680)),
  receivedBytesPerSecond: orNull(quantity('Received, bytes a second.', 1200)),
  sentBytesPerSecond: orNull(quantity('Sent, bytes a second.', 5400)),
  databaseBytes: orNull(count('Files of its database, bytes; see `sizesCheckedAt`.', 52_428_800)),
  storageBytes: orNull(count('Files of its volume, bytes; see `sizesCheckedAt`.', 209_715_200)),
};

/** What was measured, every value null by itself when it could not be. */
export const measured = {
  load: orNull(quantity("The kernel's load average of 1 minute.", 0.42)),
  load5: orNull(quantity("The kernel's load average of 5 minutes.", 0.38)),
  load15: orNull(quantity("The kernel's load average of 15 minutes.", 0.35)),
  cpus: orNull(quantity('Processors.', 8)),
  cpu: orNull(
    part(
      cpuShares,
      'Shares of the time of all processors since the measurement before, in percent; together 100.',
    ),
  ),
  memoryTotalBytes: orNull(count('Memory, bytes.', 33_554_432_000)),
  memoryUsedBytes: orNull(
    count('Memory in use, bytes; cache that the kernel would give up does not count.', 12_884_901_888),
  ),
  swapTotalBytes: orNull(count('Swap space, bytes.', 2_147_483_648)),
  swapUsedBytes: orNull(count('Swap space in use, bytes.', 0)),
  diskTotalBytes: orNull(
    count("Size of the file system that holds Alfa Cloud's directory, bytes.", 107_374_182_400),
  ),
  diskFreeBytes: orNull(count('What can still be written there, bytes.', 48_318_382_080)),
  disks: orNull(listOf(part(diskUse, 'One file system.'), 'File systems of the server.')),
  diskWaitMs: orNull(
    quantity('How long a read or write took on average, its wait included, ms; 0 when there was none.', 0.8),
  ),
  diskBusyPercent: orNull(
    quantity('Share of the time in which the busiest disk had something to do, percent.', 2.1),
  ),
  networkReceivedBytesPerSecond: orNull(quantity('Received over the network, bytes a second.', 18_400)),
  networkSentBytesPerSecond: orNull(quantity('Sent over the network, bytes a second.', 96_200)),
  uptimeSeconds: orNull(quantity('Time since the server was started, s.', 864_000)),
  clockOffsetMs: orNull(
    quantity("By how much the server's clock is ahead of ours, ms; negative when it is behind.", 3.5),
  ),
  clockUncertaintyMs: orNull(quantity('Within which that is right, ms.', 1.2)),
  containers: orNull(
    part(
      {
        ...containers,
        byState: Type.Record(Type.String(), Type.Integer(), {
          description: "Number of containers in each of Docker's states.",
          examples: [{ running: 14, exited: 1 }],
        }),
      },
      'Containers on the server.',
    ),
  ),
  clients: orNull(
    listOf(part(clientUse, 'What the containers of a client use together.'), 'Clients on the server.'),
  ),
  sizesCheckedAt: orNull(moment('When the sizes of databases and storages were found out.')),
  dockerVersion: orNull(text("Docker's version.", '27.3.1')),
  reserved: orNull(
    part(
      {
        clients: count('Clients.', 14),
        memoryBytes: count('Memory, bytes.', 7_516_192_768),
        cpus: quantity('Processors.', 14),
      },
      'What the clients on the server may take at most, by their limits.',
    ),
  ),
  capacity: orNull(
    part(
      {
        clients: count('Clients.', 100),
        memoryBytes: orNull(count('Memory, bytes.', 33_554_432_000)),
        cpus: orNull(quantity('Processors.', 8)),
      },
      'What the server has.',
    ),
  ),
  rateSeconds: orNull(
    quantity(
      'Time between the two measurements that rates are taken from, s; null without an earlier one.',
      15,
    ),
  ),
  checkedAt: orNull(moment('When it was measured; null: it could not be.')),
};

const series = {
  of: oneOf(['server', 'disk', 'client'], 'What it was measured of.'),
  about: orNull(text('Path of the disk, id of the client; null for the server itself.', '/var/lib/docker')),
  metric: text('What was measured; the unit is in the name.', 'usedPercent'),
  min: listOf(orNull(quantity('A value; null where nothing was measured.', 1)), 'Least value of each step.'),
  avg: listOf(orNull(quantity('A value; null where nothing was measured.', 2)), 'Average of each step.'),
  max: listOf(
    orNull(quantity('A value; null where nothing was measured.', 3)),
    'Greatest value of each step.',
  ),
};

export const monitoringResource = defineResource({
  type: 'monitoring',
  title: { en: 'Measurements of a server', ru: 'Измерения сервера' },
  description:
    'What a server is busy with now and, in an answer that is no event of a stream, what was measured in a range of time. It has the id of the server.',
  attributes: {
    current: part(measured, 'The newest measurement, every value null when it could not be measured.'),
    from: Type.Optional(moment('Begin of the first step.')),
    to: Type.Optional(moment('End of the last step.', '2026-11-22T19:00:00.000Z')),
    stepSeconds: Type.Optional(
      quantity(
        'Length of a step, s: as asked for, or longer where samples are kept so, or the answer would be too large.',
        15,
      ),
    ),
    at: Type.Optional(listOf(moment('A moment.'), 'Begin of each step.')),
    series: Type.Optional(
      listOf(part(series, 'One line of a chart.'), 'Lines of charts, a value for each step.'),
    ),
  },
  relationships: { server: { to: 'servers', description: 'The server.' } },
});

type Measured = AttributesOf<typeof monitoringResource>['current'];

/** Shares of the time of all processors between two measurements, in percent; together 100. */
export type CpuShares = NonNullable<Measured['cpu']>;

/** A file system of a server. Sizes in bytes. */
export type DiskUse = NonNullable<Measured['disks']>[number];

/** What the containers of a client use together. Sizes in bytes. */
export type ClientUse = NonNullable<Measured['clients']>[number];

/**
 * What a server is busy with. Every value that could not be measured is null, by itself. Rates (shares of the processors, disk, network) are
 * taken between this measurement and an earlier one, `rateSeconds` apart; null without one. Nothing is negative but a clock's offset and a
 * disk's growth. Sizes in bytes.
 */
export interface ServerMonitoring extends Omit<Measured, 'capacity' | 'checkedAt'> {
  capacity: NonNullable<Measured['capacity']>;
  checkedAt: string;
}

/** What was measured of a server, step by step. */
export type MonitoringHistory = Required<Omit<AttributesOf<typeof monitoringResource>, 'current'>>;

/** One line of a chart: a value for each step, null where nothing was measured. */
export type MonitoringSeries = MonitoringHistory['series'][number];

import type { ServerMonitoring } from '@alfa-cloud/contracts';
import type { MonitoringResource } from '../../../api/resources.ts';
import { bytesInWords } from '../../../words/moments.ts';
import type { Token } from './colours.ts';
import { seriesOf } from './figures.ts';
import type { ChartLine } from './LoadChart.vue';
import { words } from './words.ts';

export interface Chart {
  key: string;
  title: string;
  lines: readonly ChartLine[];
  format: (value: number) => string;
  isStacked?: boolean;
  highest?: number | undefined;
}

const percent = (value: number): string => `${Math.round(value)} %`;
const rate = (value: number): string => words.value.rate(bytesInWords(value));
const plain = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

type Metric = keyof typeof words.value.lines;

/** The charts of a server; a line of which nothing was measured is left out, and so is a chart without lines. */
export const chartsOf = (
  { series = [], at = [] }: Pick<MonitoringResource, 'series' | 'at'>,
  current: Pick<ServerMonitoring, 'memoryTotalBytes' | 'disks'>,
): readonly Chart[] => {
  const line = (metric: string, name: string, token: Token, about: string | null = null): ChartLine[] => {
    const found = seriesOf(series, metric, about);
    return found === undefined || found.avg.every((value) => value === null)
      ? []
      : [{ name, token, values: found.avg, peaks: found.max }];
  };
  const ofServer = (metric: Metric, token: Token) => line(metric, words.value.lines[metric], token);
  const { charts, diskUsed } = words.value;
  const diskTokens: readonly Token[] = ['--accent', '--warn', '--good', '--bad'];
  const all: Chart[] = [
    {
      key: 'cpu',
      title: charts.cpu,
      format: percent,
      isStacked: true,
      highest: 100,
      lines: [
        ...ofServer('cpuUser', '--accent'),
        ...ofServer('cpuSystem', '--warn'),
        ...ofServer('cpuIowait', '--bad'),
        ...ofServer('cpuSteal', '--text-soft'),
      ],
    },
    {
      key: 'memory',
      title: charts.memory,
      format: bytesInWords,
      highest: current.memoryTotalBytes ?? undefined,
      lines: [...ofServer('memoryUsedBytes', '--accent'), ...ofServer('swapUsedBytes', '--warn')],
    },
    {
      key: 'disk',
      title: charts.disk,
      format: percent,
      highest: 100,
      lines: (current.disks ?? []).flatMap(({ path }, index) =>
        line('usedPercent', diskUsed(path), diskTokens[index % diskTokens.length] ?? '--accent', path),
      ),
    },
    {
      key: 'network',
      title: charts.network,
      format: rate,
      lines: [
        ...ofServer('networkReceivedBytesPerSecond', '--accent'),
        ...ofServer('networkSentBytesPerSecond', '--warn'),
      ],
    },
    { key: 'load', title: charts.load, format: plain, lines: ofServer('load', '--accent') },
    {
      key: 'wait',
      title: charts.wait,
      format: percent,
      highest: 100,
      lines: ofServer('diskBusyPercent', '--accent'),
    },
  ];
  return at.length === 0 ? [] : all.filter(({ lines }) => lines.length > 0);
};

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The metrics of one service, in Prometheus' format. */
export interface Metrics {
  readonly registry: Registry;
  counter(name: string, help: string, labelNames?: readonly string[]): Counter;
  gauge(name: string, help: string, labelNames?: readonly string[]): Gauge;
  /** Values in seconds unless the name says otherwise. */
  histogram(
    name: string,
    help: string,
    labelNames?: readonly string[],
    buckets?: readonly number[],
  ): Histogram;
}

const defaultBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/**
 * Creates metrics with the label `service`.
 * @param options.process also measure the Node process itself (memory, event loop); only one service of a process needs to. Default false.
 */
export const createMetrics = (service: string, options: { process?: boolean } = {}): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (options.process === true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers }),
    histogram: (name, help, labelNames = [], buckets = defaultBuckets) =>
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers }),
  };
};

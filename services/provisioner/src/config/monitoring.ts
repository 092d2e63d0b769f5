import { join } from 'node:path';
import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { SamplerConfig } from '../reconcilers/monitoring/sampler.ts';

export interface MonitoringConfig extends SamplerConfig {
  /** SQLite file of the samples; several processes of one machine may share it. It may be removed at any time. */
  file: string;
}

export const readMonitoring = (read: ConfigReader): MonitoringConfig => ({
  everyMs: read.integer('ALFA_MONITORING_INTERVAL_S', { default: 30, min: 1, max: 60 }) * 1000,
  sizesEveryMs: read.integer('ALFA_SIZES_INTERVAL_MIN', { default: 15, min: 1, max: 1440 }) * 60_000,
  parallel: 16,
  file: join(read.string('ALFA_DATA_DIR', 'data'), 'provisioner', 'samples.sqlite'),
});

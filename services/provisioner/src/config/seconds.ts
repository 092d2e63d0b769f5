import type { ConfigReader } from '@alfa-cloud/service-kit';

/** A variable in whole seconds, as milliseconds. */
export const seconds = (read: ConfigReader, name: string, defaultSeconds: number): number =>
  read.integer(name, { default: defaultSeconds, min: 1, max: 86_400 }) * 1000;

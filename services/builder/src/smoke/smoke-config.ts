/** What the operator may set about the smoke test of an image. */
export interface SmokeConfig {
  databaseImage: string;
  /** Program and arguments that bring the tables to the image's version. */
  migrate: readonly string[];
  /** Limits of the container: memory in MiB, CPUs in cores, processes as a count. */
  limits: { memoryMb: number; cpus: number; pids: number };
  /** Longest time until the new database answers, until the application is healthy, and of one command, ms. */
  databaseStartMs: number;
  healthMs: number;
  commandMs: number;
}

/** How an image shall be built. Plain data. */
export interface BuildSpec {
  /** Name of the image; another one that had it loses it. */
  name: { repository: string; tag: string };
  /** Path of the Dockerfile within the context. */
  dockerfile: string;
  labels: Readonly<Record<string, string>>;
  /** Limits of each command that a `RUN` executes: memory in MiB (no swap added), CPUs in cores. Absent: none. */
  limits?: { memoryMb: number; cpus: number };
}

import type { CloudServer, StreamResult } from '@alfa-cloud/cloud-server';
import { PassThrough, Writable } from 'node:stream';

/** One of two commands that are joined. */
export interface Side {
  cloud: Pick<CloudServer, 'docker'>;
  container: string;
  argv: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface BetweenOptions {
  signal: AbortSignal;
  /** Longest time of the whole, ms. */
  deadlineMs: number;
  /** Longest time without a byte, ms. Default 5 min. */
  idleMs?: number;
  /** Both get processor and disk only after everything else there. Default false. */
  lowPriority?: boolean | undefined;
  /** Bytes that have gone from one to the other so far. */
  onProgress?: ((bytes: number) => void) | undefined;
}

/** How both have ended; with other exit codes than 0, too. */
export interface Joined {
  /** Null: the other one had ended first, so nobody took what it had to say. */
  source: StreamResult | null;
  sink: StreamResult & { stdout: string };
}

/** Held here at most, besides what is on its way over the connections. */
const bufferBytes = 1_048_576;
const outputMax = 65_536;

/**
 * Joins the standard output of a command on one server with the standard input of one on another, through this process's memory and never
 * its disk. Rejects with what went wrong first; then neither of them can be relied on.
 */
export const runBetween = async (source: Side, sink: Side, options: BetweenOptions): Promise<Joined> => {
  const { signal, deadlineMs, idleMs, onProgress, lowPriority = false } = options;
  const limits = { signal, deadlineMs, ...(idleMs === undefined ? {} : { idleMs }) };
  const pass = new PassThrough({ highWaterMark: bufferBytes });
  const said = keeper();
  const failures: unknown[] = [];
  const noted = async (running: Promise<StreamResult>): Promise<StreamResult | null> => {
    try {
      return await running;
    } catch (error) {
      failures.push(error);
      return null;
    }
  };
  const [from, to] = await Promise.all([
    noted(
      source.cloud.docker.execStream(
        source.container,
        {
          ...commandOf(source, lowPriority),
          output: pass,
          ...(onProgress === undefined ? {} : { onProgress }),
        },
        limits,
      ),
    ),
    noted(
      sink.cloud.docker.execStream(
        sink.container,
        { ...commandOf(sink, lowPriority), input: pass, output: said.output },
        limits,
      ),
    ),
  ]);
  const isWhole = from !== null || (to !== null && to.exitCode !== 0);
  if (to === null || !isWhole) throw failures[0];
  return { source: from, sink: { ...to, stdout: said.text() } };
};

/** Lowest of the classes that are not put off for ever on a busy disk. */
const politely: readonly string[] = ['nice', '-n', '19', 'ionice', '-c', '2', '-n', '7'];

const commandOf = ({ argv, env }: Side, lowPriority: boolean) => ({
  argv: lowPriority ? [...politely, ...argv] : argv,
  ...(env === undefined ? {} : { env }),
});

/** Takes all, and keeps the end. */
const keeper = () => {
  let kept = Buffer.alloc(0);
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      kept = Buffer.concat([kept, chunk]).subarray(-outputMax);
      done();
    },
  });
  return { output, text: () => kept.toString() };
};

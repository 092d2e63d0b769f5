import type { CallOptions } from '../call-options.ts';
import type { ServerMeasurements } from './measurements.ts';
import { parseMeasurements } from './parse-measurements.ts';
import { probeScript } from './probe-script.ts';

/** Runs a program on the server itself until it has ended, and passes its output on as it comes. */
export type RunProbe = (
  request: { argv: readonly string[]; onOutput: (text: string) => void },
  options: CallOptions & { deadlineMs: number },
) => Promise<unknown>;

const measureMs = 5000;
/** Of more output the rest is left out, characters: a thousand containers tell a tenth of it. */
const outputMax = 4_194_304;

/**
 * Measures a server by one program that nothing has to be installed for. What can't be measured, all of it when the server does not answer,
 * is null; only the caller's own abort rejects.
 * @param root Alfa Cloud's directory there, which may not be there yet: the nearest one above it lies on the same file system as it will
 */
export const takeMeasurements = async (
  run: RunProbe,
  root: string,
  { deadlineMs = measureMs, signal }: CallOptions = {},
): Promise<ServerMeasurements> => {
  const argv = ['/bin/sh', '-c', probeScript, 'sh', root, '/', '/var/lib/docker'];
  const sentAt = Date.now();
  let answeredAt: number | null = null;
  let text = '';
  const onOutput = (more: string): void => {
    answeredAt ??= Date.now();
    if (text.length < outputMax) text += more;
  };
  const options = signal === undefined ? { deadlineMs } : { deadlineMs, signal };
  // What was told until it failed holds.
  await run({ argv, onOutput }, options).catch(() => undefined);
  signal?.throwIfAborted();
  return parseMeasurements(text, { sentAt, answeredAt });
};

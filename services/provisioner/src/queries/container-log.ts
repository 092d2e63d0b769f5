import type { CloudServer, OutputLine } from '@alfa-cloud/cloud-server';
import type { ContainerLogView } from '@alfa-cloud/contracts';

/** So many lines are looked through for the first ones after a cursor: what comes in a burst is not lost between two questions. */
const burstMax = 5000;

/** Characters of a line, and of all lines, that an answer has room for. */
const lineMax = 8192;
const answerMax = 400_000;

/**
 * Lines of a container's output without what `redact` takes out: the last ones, or the first ones after a cursor. None when the container is absent.
 * Lines that are too long are cut, and there are fewer than asked for when they would be too much for one answer.
 */
export const containerLog = async (
  cloud: CloudServer,
  container: string,
  { tail, after }: { tail: number; after: string | null },
  redact: (text: string) => string,
  deadlineMs: number,
): Promise<ContainerLogView> => {
  const wanted = after === null ? { tail } : { tail: burstMax, after };
  const found = (await cloud.docker.outputLines(container, wanted, { deadlineMs })) ?? [];
  const lines = found.map(({ at, text }) => ({ at, text: cut(redact(text)) }));
  const chosen = after === null ? lastFitting(lines, tail) : firstFitting(lines, tail);
  return { lines: chosen, cursor: chosen.at(-1)?.at ?? after };
};

const cut = (text: string): string => (text.length > lineMax ? `${text.slice(0, lineMax)}…` : text);

const sizeOf = ({ at, text }: OutputLine): number => at.length + text.length;

const firstFitting = (lines: readonly OutputLine[], max: number): OutputLine[] => {
  const chosen: OutputLine[] = [];
  let size = 0;
  for (const line of lines) {
    const isFull = chosen.length >= max || size + sizeOf(line) > answerMax;
    // The cursor is a time: lines of the same one must not be parted.
    if (isFull && line.at !== chosen.at(-1)?.at) break;
    size += sizeOf(line);
    chosen.push(line);
  }
  return chosen;
};

const lastFitting = (lines: readonly OutputLine[], max: number): OutputLine[] =>
  firstFitting(lines.toReversed(), max).toReversed();

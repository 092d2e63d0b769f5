import type { CloudServer, OutputLine } from '@alfa-cloud/cloud-server';
import type { ContainerLogView } from '@alfa-cloud/contracts';

/** Lines searched for the first ones after a cursor, so that a burst between two queries is not lost. */
const burstMax = 5000;

/** Longest line, and longest text of all lines, in an answer; characters. */
const lineMax = 8192;
const answerMax = 400_000;

/**
 * Lines of a container's output without what `redact` takes out: the last ones, or the first ones after a cursor. None when the container is absent.
 * Long lines are cut; there are fewer lines than asked for when all of them do not fit into one answer.
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
    // The cursor is a time, so lines of the same time stay in one answer.
    if (isFull && line.at !== chosen.at(-1)?.at) break;
    size += sizeOf(line);
    chosen.push(line);
  }
  return chosen;
};

const lastFitting = (lines: readonly OutputLine[], max: number): OutputLine[] =>
  firstFitting(lines.toReversed(), max).toReversed();

import { joined, mapTexts, message, type Message, messageOf } from '@alfa-cloud/contracts';
import type { OperationEnd, PlannedChildren } from '../operation/operation.ts';
import { withoutLastLines } from '../operation/last-lines.ts';
import type { Child, Standing } from './child.ts';

/** How far an operation over many clients has come, as this worker counts. */
export class Progress {
  readonly #total: number;
  #done = 0;
  failed = 0;
  running = 0;

  constructor({ children }: PlannedChildren, before: readonly Standing[]) {
    this.#total = children.length;
    for (const standing of before) if (standing.status === 'ended') this.note(standing.end);
  }

  note({ status }: OperationEnd): void {
    this.#done += 1;
    if (status !== 'ok') this.failed += 1;
  }

  sentence(): string {
    return `${this.#done} of ${this.#total} done, ${this.failed} failed, ${this.running} running`;
  }
}

export const countsOf = ({ children, skipped }: PlannedChildren, now: readonly Standing[]) => {
  const ends = now.flatMap((standing) => (standing.status === 'ended' ? [standing.end] : []));
  const ok = ends.filter(({ status }) => status === 'ok').length;
  return {
    total: children.length,
    ok,
    failed: ends.length - ok,
    skipped: skipped.length,
    notBegun: children.length - ends.length,
  };
};

/** What people call the client of a child. */
export type NameOf = (child: Child) => Promise<string>;

/** Failures told in the reason of the end. */
const failuresTold = 5;

/** The first failures in words. */
export const storyOf = async (
  { children }: PlannedChildren,
  now: readonly Standing[],
  nameOf: NameOf,
): Promise<Message> => {
  const failed = children.flatMap((child, index) => {
    const standing = now[index];
    return standing?.status === 'ended' && standing.end.status !== 'ok' ? [{ child, end: standing.end }] : [];
  });
  const told = failed.slice(0, failuresTold).map(({ child, end }) => lineOf(child, end, nameOf));
  const lines = joined(await Promise.all(told), '; ');
  return failed.length > failuresTold ? message`${lines} And ${failed.length - failuresTold} more` : lines;
};

/** Longest text in the reason of one failure, in characters. */
const textMax = 200;

/** The end of one child in a line. */
export const lineOf = async (child: Child, end: OperationEnd, nameOf: NameOf): Promise<Message> => {
  const name = await nameOf(child);
  if (end.status !== 'error') return joined([name, end.status], ': ');
  // The lines of an output stand in the log of the client's own operation.
  const reason = mapTexts(withoutLastLines(messageOf(end.cause)), (text) => text.slice(0, textMax));
  return { template: '{}: {} ({})', values: [name, end.cause.code, reason] };
};

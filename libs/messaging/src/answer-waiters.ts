import { MessagingUnavailable } from './ports.ts';

/** What became of a question: the answer, or why there is none: nobody listens, none came in time, the connection broke. */
export type Asked = Uint8Array | 'nobody' | 'late' | 'broken';

/** Who waits for the answer to which question, by token; bounded, and nobody waits longer than told. */
export const createAnswerWaiters = (maxWaiting: number) => {
  const waiting = new Map<string, (asked: Asked) => void>();
  let last = 0;
  return {
    /** @throws MessagingUnavailable when too many wait already */
    join(timeoutMs: number): { token: string; asked: Promise<Asked> } {
      if (waiting.size >= maxWaiting)
        throw new MessagingUnavailable(`More than ${maxWaiting} queries wait for their answers`);
      last += 1;
      const token = last.toString(36);
      const asked = new Promise<Asked>((resolve) => {
        const settle = (outcome: Asked): void => {
          clearTimeout(timer);
          waiting.delete(token);
          resolve(outcome);
        };
        const timer = setTimeout(settle, timeoutMs, 'late');
        waiting.set(token, settle);
      });
      return { token, asked };
    },
    /** An answer that nobody waits for any more is dropped. */
    settle: (token: string, asked: Asked): void => waiting.get(token)?.(asked),
    settleAll(asked: Asked): void {
      for (const settle of waiting.values()) settle(asked);
    },
    size: (): number => waiting.size,
  };
};

import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';

/** The answer to a request, or why there is none: nobody listens, none came in time, or the connection broke. */
export type RequestOutcome = Uint8Array | 'nobody' | 'late' | 'broken';

/** The requests that wait for their answers, by token; bounded in number and in time. */
export const createPendingRequests = (maxWaiting: number) => {
  const pending = new Map<string, (outcome: RequestOutcome) => void>();
  let last = 0;
  return {
    /** @throws MessagingUnavailable when too many wait already */
    join(timeoutMs: number): { token: string; asked: Promise<RequestOutcome> } {
      if (pending.size >= maxWaiting)
        throw new MessagingUnavailable(`More than ${maxWaiting} queries wait for their answers`);
      last += 1;
      const token = last.toString(36);
      const asked = new Promise<RequestOutcome>((resolve) => {
        const settle = (outcome: RequestOutcome): void => {
          clearTimeout(timer);
          pending.delete(token);
          resolve(outcome);
        };
        const timer = setTimeout(settle, timeoutMs, 'late');
        pending.set(token, settle);
      });
      return { token, asked };
    },
    /** An outcome for an unknown token is dropped. */
    settle: (token: string, outcome: RequestOutcome): void => pending.get(token)?.(outcome),
    settleAll(outcome: RequestOutcome): void {
      for (const settle of pending.values()) settle(outcome);
    },
    size: (): number => pending.size,
  };
};

import type { CommandReply } from '@alfa-cloud/contracts';
import type { createPendingReplies } from './pending-replies.ts';

/**
 * Looks for the replies that were stored while the connection was away: one after the other, since many may wait. Called again while it looks, it
 * begins anew, since what it looked for before the connection broke once more may have been stored since.
 */
export const missedReplies = (
  pending: Pick<ReturnType<typeof createPendingReplies>, 'awaited' | 'isAwaited' | 'answer'>,
  look: (commandId: string) => Promise<CommandReply | null>,
): (() => Promise<void>) => {
  let isLooking = false;
  let calls = 0;
  const lookOnce = async (): Promise<void> => {
    const call = calls;
    for (const id of pending.awaited()) {
      if (call !== calls) return;
      // Who has left meanwhile needs none.
      if (!pending.isAwaited(id)) continue;
      const reply = await look(id);
      if (reply !== null) pending.answer(id, reply);
    }
  };
  return async () => {
    calls += 1;
    if (isLooking) return;
    isLooking = true;
    try {
      for (let looked = 0; looked !== calls;) {
        looked = calls;
        await lookOnce();
      }
    } finally {
      isLooking = false;
    }
  };
};

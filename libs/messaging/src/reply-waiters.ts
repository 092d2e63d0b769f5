import type { CommandReply } from '@alfa-cloud/contracts';
import { MessagingUnavailable } from './ports.ts';

/** Somebody waits for the answer to a command. */
export interface Waiter {
  /** Resolves with the answer when it comes by. */
  readonly reply: Promise<CommandReply>;
  leave(): void;
}

/** Who waits for which answer; bounded. Several may wait for the same one. */
export const createReplyWaiters = (maxWaiters: number) => {
  const byCommand = new Map<string, Set<(reply: CommandReply) => void>>();
  let count = 0;
  return {
    /** @throws MessagingUnavailable when too many wait already */
    join(commandId: string): Waiter {
      if (count >= maxWaiters)
        throw new MessagingUnavailable(`More than ${maxWaiters} commands wait for their answers`);
      const { promise, resolve } = Promise.withResolvers<CommandReply>();
      const waiting = byCommand.get(commandId) ?? new Set();
      byCommand.set(commandId, waiting);
      waiting.add(resolve);
      count += 1;
      return {
        reply: promise,
        leave() {
          if (!waiting.delete(resolve)) return;
          count -= 1;
          if (waiting.size === 0 && byCommand.get(commandId) === waiting) byCommand.delete(commandId);
        },
      };
    },
    isAwaited: (commandId: string): boolean => byCommand.has(commandId),
    answer(commandId: string, reply: CommandReply): void {
      for (const resolve of byCommand.get(commandId) ?? []) resolve(reply);
    },
    size: (): number => count,
  };
};

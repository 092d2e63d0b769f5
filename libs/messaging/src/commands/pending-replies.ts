import type { CommandReply } from '@alfa-cloud/contracts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';

/** A caller that waits for the reply to a command. */
export interface PendingReply {
  /** Resolves with the reply when it arrives. */
  readonly reply: Promise<CommandReply>;
  leave(): void;
}

/** The callers that wait for replies, by command id; bounded. Several may wait for the same reply. */
export const createPendingReplies = (maxWaiting: number) => {
  const byCommand = new Map<string, Set<(reply: CommandReply) => void>>();
  let count = 0;
  return {
    /** @throws MessagingUnavailable when too many wait already */
    join(commandId: string): PendingReply {
      if (count >= maxWaiting)
        throw new MessagingUnavailable(`More than ${maxWaiting} commands wait for their answers`);
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
    awaited: (): string[] => [...byCommand.keys()],
    answer(commandId: string, reply: CommandReply): void {
      for (const resolve of byCommand.get(commandId) ?? []) resolve(reply);
    },
    size: (): number => count,
  };
};

import {
  isRejection,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
} from '@alfa-cloud/contracts';
import type { CommandHandlers } from '../commands/command-ports.ts';

/** The result of {@link deliver}. */
export interface DeliveryEnd {
  /** The first reply, as the sender would get it; null when there was none. */
  reply: CommandReply | null;
  /** An error of the handler other than a rejection; the bus would return the command to the queue. */
  error: unknown;
}

/**
 * Gives a command to its handler once, as the bus would.
 * @param options.attempt default 1
 * @param options.signal default: never aborted
 */
export const deliver = async <Name extends CommandName>(
  handlers: CommandHandlers,
  command: Command<CommandData<Name>, Name>,
  options: { attempt?: number; signal?: AbortSignal } = {},
): Promise<DeliveryEnd> => {
  const handler = handlers[command.name];
  if (handler === undefined) throw new TypeError(`There is no handler of ${command.name}`);
  const { fingerprint } = command;
  let reply: CommandReply | null = null;
  try {
    await handler.handle({
      command,
      attempt: options.attempt ?? 1,
      signal: options.signal ?? new AbortController().signal,
      async accepted(ids, position) {
        reply ??= { outcome: 'accepted', fingerprint, ids, position: String(position) };
      },
    });
    return { reply, error: null };
  } catch (error) {
    if (!isRejection(error)) return { reply, error };
    reply ??= { outcome: 'rejected', fingerprint, faults: [...error.faults] };
    return { reply, error: null };
  }
};

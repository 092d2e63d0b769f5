import { type CommandName, type Message, reject } from '@alfa-cloud/contracts';
import type { CommandHandler } from './command-ports.ts';

/** Refuses a command that is declared and not carried out yet. */
export const notSupportedYet = <Name extends CommandName>(detail: Message): CommandHandler<Name> => ({
  handle: async () => Promise.reject(reject('not_supported_yet', detail)),
});

import type { Static, TSchema } from 'typebox';
import { operationCommands } from '../operations/kinds.ts';
import type { ServiceName } from '../values/service-name.ts';
import { CancelOperation, RetryOperation } from './operations.ts';
import { ChangeServer, RegisterServer } from '../attributes/servers.ts';

/** Every command: who handles it and the schema of its data. Those that ask for an operation are declared with it. */
export const commandCatalogue = {
  ...operationCommands,
  RegisterServer: { service: 'provisioner', data: RegisterServer },
  ChangeServer: { service: 'provisioner', data: ChangeServer },
  CancelOperation: { service: 'provisioner', data: CancelOperation },
  RetryOperation: { service: 'provisioner', data: RetryOperation },
} as const satisfies Record<string, { service: ServiceName; data: TSchema }>;

export type CommandName = keyof typeof commandCatalogue;
export type CommandData<Name extends CommandName> = Static<(typeof commandCatalogue)[Name]['data']>;

/** Names of the commands that one service handles. */
export type CommandNameOf<Service extends ServiceName> = {
  [Name in CommandName]: (typeof commandCatalogue)[Name]['service'] extends Service ? Name : never;
}[CommandName];

import {
  commandCatalogue,
  CommandEnvelope,
  conforms,
  faultsOf,
  Id,
  type Command,
  type CommandData,
  type CommandName,
  type Fault,
  type ServiceName,
} from '@alfa-cloud/contracts';
import { decode } from './codec.ts';
import type { Delivered } from './delivered.ts';

/** A command whose envelope and data are as the catalogue says. */
export type KnownCommand = Command<CommandData<CommandName>, CommandName>;

/** A stored message that can't be handled as a command. */
export interface Unfit {
  kind: 'poison';
  /** Null when not even that can be read. */
  id: string | null;
  /** Null when the envelope is not sound. */
  command: Command | null;
  faults: Fault[];
}

export type Understood = { kind: 'command'; id: string; command: KnownCommand } | Unfit;

const maxFaults = 20;

/**
 * Reads a stored command for the service that shall handle it.
 * @param isHandled whether the service has a handler of that name
 */
export const understand = (
  delivered: Delivered,
  service: ServiceName,
  maxBytes: number,
  isHandled: (name: string) => boolean,
): Understood => {
  const poison = (id: string | null, command: Command | null, faults: Fault[]): Unfit => ({
    kind: 'poison',
    id,
    command,
    faults: faults.slice(0, maxFaults),
  });
  const { data, subject } = delivered;
  if (data.length > maxBytes)
    return poison(null, null, [notUnderstood(`has ${data.length} bytes; ${maxBytes} is the limit`)]);
  let value: unknown;
  try {
    value = decode(data);
  } catch {
    return poison(null, null, [notUnderstood('is not JSON')]);
  }
  const id = idOf(value);
  if (!conforms(CommandEnvelope, value)) return poison(id, null, faultsOf(CommandEnvelope, value));
  const command: Command = value;
  const name = subject.slice(subject.lastIndexOf('.') + 1);
  if (command.name !== name)
    return poison(id, command, [notUnderstood('stands under the subject of another command')]);
  if (!isCommandOf(name, service) || !isHandled(name))
    return poison(id, command, [notUnderstood(`has a name that ${service} does not know`)]);
  const faults = faultsOf(commandCatalogue[name].data, command.data, '/data');
  if (faults.length > 0) return poison(id, command, faults);
  return { kind: 'command', id: command.id, command: command as KnownCommand };
};

const notUnderstood = (what: string): Fault => ({
  code: 'command_not_understood',
  detail: `The command ${what}`,
});

const isCommandOf = (name: string, service: ServiceName): name is CommandName =>
  Object.hasOwn(commandCatalogue, name) && commandCatalogue[name as CommandName].service === service;

const idOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'id' in value && conforms(Id, value.id) ? value.id : null;

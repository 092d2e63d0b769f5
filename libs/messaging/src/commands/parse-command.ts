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
  message,
  type Message,
  told,
  type ServiceName,
} from '@alfa-cloud/contracts';
import { decode } from '../connection/json.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';

/** A command whose envelope and data conform to the catalogue. */
export type KnownCommand = Command<CommandData<CommandName>, CommandName>;

/** A stored message that can't be handled as a command. */
export interface PoisonCommand {
  kind: 'poison';
  /** Null when it can't be read. */
  id: string | null;
  /** Null when the envelope is not valid. */
  command: Command | null;
  faults: Fault[];
}

export type ParsedCommand = { kind: 'command'; id: string; command: KnownCommand } | PoisonCommand;

const maxFaults = 20;

/**
 * Parses and checks a stored command of a service.
 * @param isHandled whether the service has a handler of that name
 */
export const parseCommand = (
  delivery: JetStreamDelivery,
  service: ServiceName,
  maxBytes: number,
  isHandled: (name: string) => boolean,
): ParsedCommand => {
  const poison = (id: string | null, command: Command | null, faults: Fault[]): PoisonCommand => ({
    kind: 'poison',
    id,
    command,
    faults: faults.slice(0, maxFaults),
  });
  const { data, subject } = delivery;
  if (data.length > maxBytes)
    return poison(null, null, [
      notUnderstood(message`The command has ${data.length} bytes; ${maxBytes} is the limit`),
    ]);
  let value: unknown;
  try {
    value = decode(data);
  } catch {
    return poison(null, null, [notUnderstood(message`The command is not JSON`)]);
  }
  const id = idOf(value);
  if (!conforms(CommandEnvelope, value)) return poison(id, null, faultsOf(CommandEnvelope, value));
  const command: Command = value;
  const name = subject.slice(subject.lastIndexOf('.') + 1);
  if (command.name !== name)
    return poison(id, command, [
      notUnderstood(message`The command stands under the subject of another command`),
    ]);
  if (!isCommandOf(name, service) || !isHandled(name))
    return poison(id, command, [
      notUnderstood(message`The command has a name that ${service} does not know`),
    ]);
  const faults = faultsOf(commandCatalogue[name].data, command.data, '/data');
  if (faults.length > 0) return poison(id, command, faults);
  return { kind: 'command', id: command.id, command: command as KnownCommand };
};

const notUnderstood = (detail: Message): Fault => ({ code: 'command_not_understood', ...told(detail) });

const isCommandOf = (name: string, service: ServiceName): name is CommandName =>
  Object.hasOwn(commandCatalogue, name) && commandCatalogue[name as CommandName].service === service;

const idOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'id' in value && conforms(Id, value.id) ? value.id : null;

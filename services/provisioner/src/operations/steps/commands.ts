import { message } from '@alfa-cloud/contracts';
import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { commandOf, runInContainer, type ContainerCommand } from '../../on-server/command.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { final } from '../../on-server/failures.ts';

type CommandConfig = Pick<ClientConfig, 'commands' | 'commandMs'>;
type Skip = (client: ClientOnServer) => boolean;

/** Brings the database to the shape that the image needs. A repeated run finds nothing to do. */
export const migrateStep = (config: CommandConfig): StepWork<ClientOnServer> =>
  commandStep(config, {
    argv: config.commands.migrate,
    what: message`Migrating the database`,
    failureCode: 'migration_failed',
  });

/**
 * Sets the login and password of the laboratory's administrator, on standard input. A repeated run sets the same again.
 * @param passwordOf null when there is none to set
 */
export const ownerStep = (
  config: CommandConfig,
  passwordOf: (client: ClientOnServer) => string | null,
): StepWork<ClientOnServer> =>
  commandStep(config, {
    argv: config.commands.ownerPassword,
    what: message`Setting the owner's account`,
    failureCode: 'owner_failed',
    stdin(client) {
      const { ownerLogin } = client.personal;
      const password = passwordOf(client);
      if (password === null) throw final('password_missing', message`There is no password to set`);
      return `${ownerLogin}\n${password}\n`;
    },
  });

/** Fills the client with examples. */
export const demoFillStep = (config: CommandConfig, skip: Skip): StepWork<ClientOnServer> =>
  commandStep(config, {
    argv: config.commands.demoSeed,
    what: message`Filling in demo data`,
    failureCode: 'demo_failed',
    skip,
  });

/** Removes the examples. */
export const demoClearStep = (config: CommandConfig, skip: Skip): StepWork<ClientOnServer> =>
  commandStep(config, {
    argv: config.commands.demoUnseed,
    what: message`Taking the demo data away`,
    failureCode: 'demo_failed',
    skip,
  });

type ClientCommand = Pick<ContainerCommand, 'argv' | 'what' | 'failureCode'>;

/** A step whose whole work is one command in the client's container. */
const commandStep = (
  config: CommandConfig,
  { stdin, skip, ...command }: ClientCommand & { stdin?: (client: ClientOnServer) => string; skip?: Skip },
): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: deadlineOf(config),
    ...endedByCancel(command.argv),
    ...(skip === undefined ? {} : { skip }),
    async act(client, io) {
      const input = stdin === undefined ? {} : { stdin: stdin(client) };
      await runInClient(client, { ...command, ...input }, config, io);
    },
  });

/** Twice the command's time, since a run that a crashed worker has left behind is waited for. */
export const deadlineOf = ({ commandMs }: Pick<CommandConfig, 'commandMs'>): number => 2 * commandMs + 60_000;

/** {@link runInContainer} within the time of a command. @returns the command's standard output */
export const runInClient = (
  client: ClientOnServer,
  command: ClientCommand & Pick<ContainerCommand, 'stdin'>,
  { commandMs }: Pick<CommandConfig, 'commandMs'>,
  io: StepIo,
): Promise<string> => runInContainer(client, { ...command, deadlineMs: commandMs }, io);

/** A cancel of the step ends the command, also a run that a crashed worker has left behind. */
export const endedByCancel = (
  argv: readonly string[],
): Required<Pick<StepWork<ClientOnServer>, 'cancellable' | 'compensateWhen' | 'compensate'>> => ({
  cancellable: true,
  compensateWhen: 'unfinished',
  async compensate({ cloud, names }: ClientOnServer, { operationId }: StepIo) {
    await endCommand(cloud, commandOf(names.container, argv, operationId));
    return 'Nothing of it runs any more';
  },
});

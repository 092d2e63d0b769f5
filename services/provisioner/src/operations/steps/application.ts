import { message } from '@alfa-cloud/contracts';
import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { commandOf } from '../../on-server/command.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { deadlineOf, runInClient } from './commands.ts';

/** Puts the application itself into the mode that the operation desires, and into the recorded one if the operation fails. */
export const desiredApplicationStep = (config: CommandConfig, mode: Mode): StepWork<ClientOnServer> =>
  serverStep({
    ...stepTo(config, () => mode),
    async compensate(client, io) {
      await endLeft(config, client, io);
      return put(config, client, recordedMode(client), io);
    },
  });

/** Puts the application into the recorded mode, which it may have missed while its container was stopped. */
export const applicationStep = (config: CommandConfig): StepWork<ClientOnServer> =>
  serverStep({
    ...stepTo(config, recordedMode),
    compensateWhen: 'unfinished',
    compensate: (client, io) => endLeft(config, client, io),
  });

type CommandConfig = Pick<ClientConfig, 'commands' | 'commandMs'>;
type Mode = 'down' | 'up';

const recordedMode = ({ maintenance }: ClientOnServer): Mode => (maintenance === null ? 'up' : 'down');

const stepTo = (
  config: CommandConfig,
  modeOf: (client: ClientOnServer) => Mode,
): StepWork<ClientOnServer> => ({
  deadlineMs: deadlineOf(config),
  cancellable: true,
  act: (client, io) => put(config, client, modeOf(client), io),
});

/** Ends a command of this operation that was cut off or that a crashed worker has left behind. */
const endLeft = async (
  { commands }: CommandConfig,
  { cloud, names }: ClientOnServer,
  { operationId }: StepIo,
): Promise<void> => {
  for (const argv of [commands.down, commands.up]) {
    await endCommand(cloud, commandOf(names.container, argv, operationId));
  }
};

/** Leaves an application alone whose container does not run: the proxy's page does not need it, and a reboot catches up. */
const put = async (
  config: CommandConfig,
  client: ClientOnServer,
  mode: Mode,
  io: StepIo,
): Promise<string> => {
  const { cloud, names } = client;
  const container = await cloud.docker.container(names.container, { signal: io.signal });
  if (container?.status !== 'running') {
    return `Container ${names.container} does not run: the application was not told`;
  }
  const command = {
    argv: config.commands[mode],
    what: mode === 'up' ? message`Putting the application up` : message`Putting the application down`,
    failureCode: 'maintenance_failed',
  };
  await runInClient(client, command, config, io);
  return `The application is ${mode}`;
};

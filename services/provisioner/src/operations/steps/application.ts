import type { Step, StepIo } from '@alfa-cloud/operations';
import { commandOf, runInContainer } from '../../on-server/command.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { serverStep } from '../../on-server/failures.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';

/** Puts the application itself into the mode that the operation wants, and into the recorded one if the operation fails. */
export const desiredApplicationStep = (settings: Settings, mode: Mode): Step<ClientOnServer> =>
  serverStep({
    ...stepTo(settings, () => mode),
    async compensate(client, io) {
      await endLeft(settings, client, io);
      return put(settings, client, recordedMode(client), io);
    },
  });

/** Puts the application into the mode that is recorded, which it may have missed while its container was stopped. */
export const applicationStep = (settings: Settings): Step<ClientOnServer> =>
  serverStep({
    ...stepTo(settings, recordedMode),
    compensateWhen: 'unfinished',
    compensate: (client, io) => endLeft(settings, client, io),
  });

type Settings = Pick<ClientSettings, 'commands' | 'commandMs'>;
type Mode = 'down' | 'up';

const recordedMode = ({ maintenance }: ClientOnServer): Mode => (maintenance === null ? 'up' : 'down');

const stepTo = (settings: Settings, modeOf: (client: ClientOnServer) => Mode): Step<ClientOnServer> => ({
  name: 'application',
  deadlineMs: 2 * settings.commandMs + 60_000,
  cancellable: true,
  act: (client, io) => put(settings, client, modeOf(client), io),
});

/** Ends what was cut off, or what a crash has left behind. */
const endLeft = async (
  { commands }: Settings,
  { cloud, names }: ClientOnServer,
  { operationId }: StepIo,
): Promise<void> => {
  for (const argv of [commands.down, commands.up]) {
    await endCommand(cloud, commandOf(names.container, argv, operationId));
  }
};

/** An application whose container does not run is left as it is, since the proxy's page needs none; a reboot makes up for it. */
const put = async (
  { commands, commandMs }: Settings,
  { cloud, names, redact }: ClientOnServer,
  mode: Mode,
  io: StepIo,
): Promise<string> => {
  const container = await cloud.docker.container(names.container, { signal: io.signal });
  if (container?.status !== 'running') {
    return `Container ${names.container} does not run: the application was not told`;
  }
  await runInContainer(
    cloud,
    {
      container: names.container,
      argv: commands[mode],
      what: `Putting the application ${mode}`,
      failureCode: 'maintenance_failed',
      redact,
      deadlineMs: commandMs,
    },
    io,
  );
  return `The application is ${mode}`;
};

import type { Step, StepIo } from '@alfa-cloud/event-sourcing';
import { runInContainer } from '../../on-server/command.ts';
import { serverStep } from '../../on-server/failures.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';

export type Mode = 'down' | 'up';

/** The mode in which the application should be by what is recorded. */
export const recordedMode = ({ maintenance }: ClientOnServer): Mode => (maintenance === null ? 'up' : 'down');

/**
 * Puts the application itself into maintenance or out of it. One whose container does not run is left as it is, since the proxy's page
 * needs no application; a reboot makes up for it.
 */
export const applicationStep = (
  settings: Pick<ClientSettings, 'commands' | 'commandMs'>,
  modeOf: (client: ClientOnServer) => Mode,
): Step<ClientOnServer> => {
  const put = async ({ cloud, names, redact }: ClientOnServer, mode: Mode, io: StepIo): Promise<string> => {
    const container = await cloud.docker.container(names.container, { signal: io.signal });
    if (container?.status !== 'running') {
      return `Container ${names.container} does not run: the application was not told`;
    }
    await runInContainer(
      cloud,
      {
        container: names.container,
        argv: settings.commands[mode],
        what: `Putting the application ${mode}`,
        failureCode: 'maintenance_failed',
        redact,
        deadlineMs: settings.commandMs,
      },
      io,
    );
    return `The application is ${mode}`;
  };
  return serverStep({
    name: 'application',
    deadlineMs: 2 * settings.commandMs + 60_000,
    act: (client, io) => put(client, modeOf(client), io),
    compensate: (client, io) => put(client, recordedMode(client), io),
  });
};

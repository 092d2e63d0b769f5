import type { Step, StepIo } from '@alfa-cloud/operations';
import { commandOf, runInContainer } from '../../on-server/command.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';

type Settings = Pick<ClientSettings, 'commands' | 'commandMs'>;

/** Twice a command's time: an earlier run that a crash has left behind is waited for. */
const deadlineOf = ({ commandMs }: Settings): number => 2 * commandMs + 60_000;

/** What every step has whose work is one command: a cancel ends it, also one that a crash has left behind. */
export const endedByCancel = (
  argv: readonly string[],
): Required<Pick<Step<ClientOnServer>, 'cancellable' | 'compensateWhen' | 'compensate'>> => ({
  cancellable: true,
  compensateWhen: 'unfinished',
  async compensate({ cloud, names }: ClientOnServer, { operationId }: StepIo) {
    await endCommand(cloud, commandOf(names.container, argv, operationId));
    return 'Nothing of it runs any more';
  },
});

/** Brings the database to the shape that the image needs. A repeated run finds nothing to do. */
export const migrateStep = (settings: Settings): Step<ClientOnServer> =>
  serverStep({
    name: 'migrate',
    deadlineMs: deadlineOf(settings),
    ...endedByCancel(settings.commands.migrate),
    async act({ cloud, names, redact }, io) {
      await runInContainer(
        cloud,
        {
          container: names.container,
          argv: settings.commands.migrate,
          what: 'Migrating the database',
          failureCode: 'migration_failed',
          redact,
          deadlineMs: settings.commandMs,
        },
        io,
      );
    },
  });

/**
 * Sets the login and password of the laboratory's administrator, on standard input. A repeated run sets the same again.
 * @param passwordOf null when there is none to set
 */
export const ownerStep = (
  settings: Settings,
  passwordOf: (client: ClientOnServer) => string | null,
): Step<ClientOnServer> =>
  serverStep({
    name: 'owner',
    deadlineMs: deadlineOf(settings),
    ...endedByCancel(settings.commands.ownerPassword),
    async act(client, io) {
      const { cloud, names, personal, redact } = client;
      const password = passwordOf(client);
      if (password === null) throw final('password_missing', 'There is no password to set');
      await runInContainer(
        cloud,
        {
          container: names.container,
          argv: settings.commands.ownerPassword,
          stdin: `${personal.ownerLogin}\n${password}\n`,
          what: "Setting the owner's account",
          failureCode: 'owner_failed',
          redact,
          deadlineMs: settings.commandMs,
        },
        io,
      );
    },
  });

/** Fills the client with examples. */
export const demoFillStep = (
  settings: Settings,
  skip: (client: ClientOnServer) => boolean,
): Step<ClientOnServer> =>
  seederStep(settings, { argv: settings.commands.demoSeed, what: 'Filling in demo data' }, skip);

/** Takes the examples away. */
export const demoClearStep = (
  settings: Settings,
  skip: (client: ClientOnServer) => boolean,
): Step<ClientOnServer> =>
  seederStep(settings, { argv: settings.commands.demoUnseed, what: 'Taking the demo data away' }, skip);

const seederStep = (
  settings: Settings,
  { argv, what }: { argv: readonly string[]; what: string },
  skip: (client: ClientOnServer) => boolean,
): Step<ClientOnServer> =>
  serverStep({
    name: 'demo',
    deadlineMs: deadlineOf(settings),
    ...endedByCancel(argv),
    skip,
    async act({ cloud, names, redact }, io) {
      await runInContainer(
        cloud,
        {
          container: names.container,
          argv,
          what,
          failureCode: 'demo_failed',
          redact,
          deadlineMs: settings.commandMs,
        },
        io,
      );
    },
  });

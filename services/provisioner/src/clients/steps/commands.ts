import type { Step } from '@alfa-cloud/event-sourcing';
import { runInContainer } from '../../on-server/command.ts';
import { serverStep } from '../../on-server/failures.ts';
import type { Creation } from '../creation.ts';
import type { CreationSettings } from '../creation-settings.ts';

type Settings = Pick<CreationSettings, 'commands' | 'commandMs'>;

/** Twice a command's time: an earlier run that a crash has left behind is waited for. */
const deadlineOf = ({ commandMs }: Settings): number => 2 * commandMs + 60_000;

/** Brings the database to the shape that the image needs. A repeated run finds nothing to do. */
export const migrateStep = (settings: Settings): Step<Creation> =>
  serverStep({
    name: 'migrate',
    deadlineMs: deadlineOf(settings),
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

/** Sets the login and password of the laboratory's administrator, on standard input. A repeated run sets the same again. */
export const ownerStep = (settings: Settings): Step<Creation> =>
  serverStep({
    name: 'owner',
    deadlineMs: deadlineOf(settings),
    async act({ cloud, names, personal, secrets, redact }, io) {
      await runInContainer(
        cloud,
        {
          container: names.container,
          argv: settings.commands.ownerPassword,
          stdin: `${personal.ownerLogin}\n${secrets.ownerPassword}\n`,
          what: "Setting the owner's account",
          failureCode: 'owner_failed',
          redact,
          deadlineMs: settings.commandMs,
        },
        io,
      );
    },
  });

/** Fills the client with examples, when asked for. */
export const demoStep = (settings: Settings): Step<Creation> =>
  serverStep({
    name: 'demo',
    deadlineMs: deadlineOf(settings),
    skip: ({ client }) => !client.demo,
    async act({ cloud, names, redact }, io) {
      await runInContainer(
        cloud,
        {
          container: names.container,
          argv: settings.commands.demoSeed,
          what: 'Filling in demo data',
          failureCode: 'demo_failed',
          redact,
          deadlineMs: settings.commandMs,
        },
        io,
      );
    },
  });

import { message } from '@alfa-cloud/contracts';
import type { Execution, StepIo, StepWork } from '@alfa-cloud/operations';
import { imageInWords, serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { scriptOf } from '../../on-server/database-script.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { runOwnSql } from '../../on-server/own-sql.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import type { WantedImage } from '../../resources/container/client-container.ts';
import { bringImage } from '../../resources/image/bring-image.ts';
import { errorName } from '@alfa-cloud/service-kit';
import type { OperationsDeps } from '../common/module.ts';
import { checkServers } from '../moving/check.ts';
import { deadlineOf } from '../steps/commands.ts';
import { endAtSource, transferIo } from '../steps/transfer-io.ts';
import { clearSql } from './clear-sql.ts';
import { readSteady, sourceOf, type Source } from './source.ts';

type Work = StepWork<ClientOnServer>;
type Running = Pick<Execution<unknown>, 'operationId'>;

const slackMs = 120_000;

/**
 * What speaks on the two servers against the copy, before anything is touched. A copy that is made anew needs as much room as a new one: what it
 * holds is in a backup until it is replaced.
 */
export const checkStep = (deps: OperationsDeps, { operationId }: Running): Work =>
  serverStep({
    deadlineMs: deps.moves.deadlineMs,
    cancellable: true,
    async act(copy, io) {
      const { client: from } = await sourceOf(deps, copy, operationId);
      return checkServers(deps, { from, to: copy }, io);
    },
  });

/** The source's image on the copy's server, be it under another name there. */
export const imageStep = (deps: OperationsDeps, { operationId }: Running): Work =>
  serverStep({
    deadlineMs: 2 * deps.imageTransfer.transferMs + deps.imageTransfer.pullMs + slackMs,
    cancellable: true,
    async act(copy, io) {
      const { reference, id: imageId } = (await sourceOf(deps, copy, operationId)).image;
      const words = imageInWords(reference, imageId);
      if ((await copy.cloud.docker.image(imageId, io)) !== null) return `Image ${words} is there`;
      const { bytesSent } = await bringImage(deps, { reference, imageId, to: copy.server }, io);
      return `Image ${words} was brought: ${bytesSent} bytes`;
    },
  });

/** What the copy's container is to be made from: where engines keep images in different ways, an image has another id there. */
export const imageThere = async (
  { cloud }: ClientOnServer,
  { reference, id }: Source['image'],
  signal: AbortSignal,
): Promise<WantedImage> => ({
  reference,
  id: (await cloud.docker.image(id, { signal })) === null ? null : id,
});

/** Replaces what the copy's database holds by what the source's holds. The source serves meanwhile. */
export const databaseOfSourceStep = (deps: OperationsDeps, { operationId }: Running): Work =>
  serverStep({
    deadlineMs: 2 * deps.backups.deadlineMs + slackMs,
    cancellable: true,
    async act(copy, io) {
      const { client } = await sourceOf(deps, copy, operationId);
      const { deadlineMs } = deps.backups;
      const { tables, bytes } = await readSteady(deps.store, client, () =>
        deps.transfer.copyDatabase(client, copy, deadlineMs, {
          ...transferIo(io, 'database'),
          lowPriority: true,
        }),
      );
      return `${tables} tables of ${client.names.host}, ${bytes} bytes`;
    },
    compensate: (copy, io) => endTransfer(deps, copy, io),
  });

/** What a crash has left behind would go on with data that are taken away, and with its containers on both servers. */
export const endTransfer = async (
  deps: OperationsDeps,
  copy: ClientOnServer,
  io: StepIo,
): Promise<string> => {
  const source = await sourceOf(deps, copy, io.operationId).catch((error: unknown) => {
    // A source that is gone has taken what was at work there with it.
    if (errorName(error) === 'StepFailure') return null;
    throw error;
  });
  await deps.transfer.end(copy, copy, io);
  return source === null
    ? 'Nothing of the transfer is at work'
    : endAtSource(deps.transfer, source.client, io);
};

/**
 * The same for the storage, which is taken as it is found: files may change meanwhile. After the database, so that files that its rows name are
 * there.
 */
export const storageOfSourceStep = (deps: OperationsDeps, { operationId }: Running): Work =>
  serverStep({
    deadlineMs: deps.backups.deadlineMs + slackMs,
    cancellable: true,
    async act(copy, io) {
      const { client } = await sourceOf(deps, copy, operationId);
      const { bytes } = await readSteady(deps.store, client, () =>
        deps.transfer.copyStorage(client, copy, 'first', {
          ...transferIo(io, 'storage'),
          lowPriority: true,
        }),
      );
      await deps.transfer.end(client, copy, io);
      return `${bytes} bytes of files`;
    },
    compensate: (copy, io) => endTransfer(deps, copy, io),
  });

/** Empties queues and what is scheduled, before anything of the copy runs that would work it off. */
export const clearStep = ({ config }: OperationsDeps): Work =>
  serverStep({
    deadlineMs: deadlineOf(config),
    cancellable: true,
    async act(copy, io) {
      const run = {
        what: message`Clearing the queues of the copy`,
        failureCode: 'clearing_failed',
        deadlineMs: config.commandMs,
      };
      await runOwnSql(copy, clearSql(config.copyClearTables), run, io);
      return `Empty where they are there: ${config.copyClearTables.join(', ')}`;
    },
    compensateWhen: 'unfinished',
    compensate: endScripts,
  });

/** A run that a crash has left behind would write into a database that is taken away. */
const endScripts = async ({ cloud, names }: ClientOnServer, { operationId }: StepIo): Promise<string> => {
  await endCommand(cloud, scriptOf(names.database, operationId));
  return 'Nothing is written any more';
};

/**
 * Runs the SQL that was sent with the request, before anybody can see the copy. It has the copy's own account, and so could change its
 * password, which is why that is set again.
 * @param sealed with the transport key; undefined: there is none
 */
export const maskStep = ({ config, vault }: OperationsDeps, sealed: string | undefined): Work =>
  serverStep({
    deadlineMs: deadlineOf(config),
    cancellable: true,
    skip: () => sealed === undefined,
    async act(copy, io) {
      const run = {
        what: message`Masking the data of the copy`,
        failureCode: 'masking_failed',
        deadlineMs: config.commandMs,
      };
      const { signal } = io;
      const account = () => clientDatabase(copy).ensure({ signal });
      // A run that was cut off may have left another password behind.
      await account();
      await runOwnSql(copy, await vault.open(sealed ?? ''), run, io);
      await account();
      return 'The data are masked';
    },
    compensateWhen: 'unfinished',
    async compensate(copy, io) {
      await endScripts(copy, io);
      return clientDatabase(copy).ensure({ signal: io.signal });
    },
  });

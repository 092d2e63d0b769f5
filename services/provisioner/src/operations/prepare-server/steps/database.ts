import { message } from '@alfa-cloud/contracts';
import { withLastLines, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName, sleep } from '@alfa-cloud/service-kit';
import { runSql } from '../../../on-server/database.ts';
import { final } from '../../../on-server/failures.ts';
import { serverNames, serverPaths } from '../../../on-server/names.ts';
import type { Preparation, PreparationConfig } from '../../../on-server/preparation.ts';
import { ensureImage } from '../../../resources/image/pulled-image.ts';
import { databaseContainer } from '../../../resources/server/database-container.ts';
import { serverFiles } from '../../../resources/server/server-files.ts';
import { volume } from '../../../resources/volume/volume.ts';

const pollMs = 500;

/** MariaDB for the clients of the server, with data in a volume. */
export const databaseStep = (config: PreparationConfig): StepWork<Preparation> =>
  serverStep({
    deadlineMs: config.pullMs + config.databaseStartMs + 60_000,
    async act(preparation, io) {
      const { signal } = io;
      await ensureImage(preparation.cloud, config.databaseImage, config.pullMs, io);
      await volumeOf(preparation).ensure({ signal });
      await serverFiles(preparation).ensure({ signal });
      return databaseContainer(preparation, config).ensure({ signal });
    },
    verify: (preparation, { signal }) => awaitSql(preparation, config.databaseStartMs, signal),
    async compensate(preparation, { signal }) {
      const { files } = preparation.cloud;
      const container = await databaseContainer(preparation, config).remove({ signal });
      const removed = await volumeOf(preparation).remove({ signal });
      await files.removeDirectory(serverPaths.database, { signal });
      // Backups that an earlier registration of this machine has left are kept.
      const backups = await files.list(serverPaths.backups, { signal });
      if (backups?.length === 0) await files.removeDirectory(serverPaths.backups, { signal });
      return `${container}. ${removed}`;
    },
  });

const volumeOf = ({ cloud, origin }: Preparation) => volume(cloud, serverNames.databaseVolume, origin);

/** Waits until the database takes statements. The first start makes the data directory and restarts, so every kind of refusal is waited out. */
const awaitSql = async (
  { cloud, redact }: Preparation,
  databaseStartMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const end = performance.now() + databaseStartMs;
  for (;;) {
    try {
      await runSql(cloud, 'SELECT 1;\n', redact, { signal });
      return;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (performance.now() >= end) {
        const output = redact(await cloud.docker.lastLines(serverNames.database, 20, { signal }));
        const sentence = message`The database did not answer within ${databaseStartMs / 1000} s`;
        throw final('database_not_ready', withLastLines(sentence, message`its container`, output));
      }
    }
    await sleep(pollMs, signal);
  }
};

const isRefusal = (error: unknown): boolean =>
  errorName(error) === 'StepFailure' ||
  (errorName(error) === 'CloudServerError' && (error as { code: string }).code === 'not_running');

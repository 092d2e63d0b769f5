import { type Step, withLastLines } from '@alfa-cloud/operations';
import { errorName, sleep } from '@alfa-cloud/service-kit';
import { runSql } from '../../../on-server/database.ts';
import { ensureVolume, removeContainerOf, removeVolumeOf } from '../../../resources/container/container.ts';
import { final, serverStep } from '../../../on-server/failures.ts';
import { labelsOf } from '../../../on-server/labels.ts';
import { serverNames, serverPaths } from '../../../on-server/names.ts';
import { makeDiskTrue } from '../../../resources/server/disk.ts';
import type { Preparation, PreparationSettings } from '../../../on-server/preparation.ts';
import { makeServerContainerTrue } from '../../../resources/server/server-container.ts';
import { wantedDatabase } from '../../../resources/server/wanted.ts';
import { ensureImage } from '../../../resources/image/pulled-image.ts';

const pollMs = 500;

/** MariaDB for the clients of the server, with data in a volume. */
export const databaseStep = (settings: PreparationSettings): Step<Preparation> =>
  serverStep({
    name: 'database',
    deadlineMs: settings.pullMs + settings.databaseStartMs + 60_000,
    async act(preparation, io) {
      const { cloud, origin } = preparation;
      const { signal } = io;
      await ensureImage(cloud, settings.databaseImage, settings.pullMs, io);
      await ensureVolume(cloud, serverNames.databaseVolume, labelsOf(origin), origin, { signal });
      await makeDiskTrue(preparation, signal);
      return makeServerContainerTrue(cloud, wantedDatabase(preparation, settings), origin, { signal });
    },
    verify: (preparation, { signal }) => answersSql(preparation, settings.databaseStartMs, signal),
    async compensate({ cloud, origin }, { signal }) {
      const container = await removeContainerOf(cloud, serverNames.database, origin, { signal });
      const volume = await removeVolumeOf(cloud, serverNames.databaseVolume, origin, { signal });
      await cloud.files.removeDirectory(serverPaths.database, { signal });
      // Backups of an earlier life of this machine are nobody's to remove here.
      const backups = await cloud.files.list(serverPaths.backups, { signal });
      if (backups?.length === 0) await cloud.files.removeDirectory(serverPaths.backups, { signal });
      return `${container}. ${volume}`;
    },
  });

/** The first start makes the data directory and restarts in between, so refusals of all kinds are waited out. */
const answersSql = async (
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
        const sentence = `The database did not answer within ${databaseStartMs / 1000} s`;
        throw final('database_not_ready', withLastLines(sentence, 'its container', output));
      }
    }
    await sleep(pollMs, signal);
  }
};

const isRefusal = (error: unknown): boolean =>
  errorName(error) === 'StepFailure' ||
  (errorName(error) === 'CloudServerError' && (error as { code: string }).code === 'not_running');

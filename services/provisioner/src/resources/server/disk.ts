import type { Preparation } from '../../on-server/preparation.ts';
import { wantedDirectories, wantedFiles } from './wanted.ts';

/** Makes the directories and files of the server true, those of the proxy's configuration apart. */
export const makeDiskTrue = async (preparation: Preparation, signal: AbortSignal): Promise<void> => {
  const { files } = preparation.cloud;
  for (const { path, mode } of wantedDirectories) await files.createDirectory(path, { signal, mode });
  for (const { path, text, mode } of wantedFiles(preparation)) {
    if ((await files.read(path, { signal })) === text) continue;
    await files.writeAtomic(path, text, { signal, mode });
  }
};

import type { CallOptions } from '@alfa-cloud/cloud-server';
import { serverPaths } from '../../on-server/names.ts';
import { rootOwnershipText } from '../../on-server/owned-directory.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import { rootOptionFile } from '../../on-server/sql.ts';
import { readFile } from '../directory/read-file.ts';

/** Directories below the root, parents first. */
const directories = [
  { path: serverPaths.clients, mode: 0o755 },
  { path: serverPaths.proxyConfiguration, mode: 0o755 },
  { path: serverPaths.database, mode: 0o700 },
  // Mounted into the database's container, where the official image reads the password as another user than root.
  { path: serverPaths.databaseSecrets, mode: 0o755 },
  { path: serverPaths.backups, mode: 0o700 },
] as const;

/** Texts hold secrets. */
const filesOf = ({ server, secrets }: Pick<Preparation, 'server' | 'secrets'>) => [
  { path: serverPaths.owner, text: rootOwnershipText(server.id), mode: 0o644 },
  {
    path: `${serverPaths.databaseSecrets}/root-password`,
    text: secrets.databaseRootPassword,
    mode: 0o644,
  },
  {
    path: `${serverPaths.databaseSecrets}/client.cnf`,
    text: rootOptionFile(secrets.databaseRootPassword),
    mode: 0o600,
  },
];

/** What of the directories and files is not as it should be. */
export interface WrongFiles {
  missingDirectories: string[];
  changedFiles: { path: string; isThere: boolean }[];
}

/** Directories and files of the server itself, except for the proxy's configuration. */
export const serverFiles = (preparation: Pick<Preparation, 'cloud' | 'server' | 'secrets'>) => {
  const { files } = preparation.cloud;
  return {
    async inspect(options: CallOptions): Promise<WrongFiles> {
      const [missing, changed] = await Promise.all([
        Promise.all(
          directories.map(async ({ path }) => ((await files.list(path, options)) === null ? [path] : [])),
        ),
        Promise.all(
          filesOf(preparation).map(async ({ path, text }) => {
            const found = await readFile(files, path, options);
            return found === text ? [] : [{ path, isThere: found !== null }];
          }),
        ),
      ]);
      return { missingDirectories: missing.flat(), changedFiles: changed.flat() };
    },
    async ensure(options: CallOptions): Promise<void> {
      for (const { path, mode } of directories) await files.createDirectory(path, { ...options, mode });
      for (const { path, text, mode } of filesOf(preparation)) {
        if ((await files.read(path, options)) === text) continue;
        await files.writeAtomic(path, text, { ...options, mode });
      }
    },
  };
};

/** The file that says which server the root directory belongs to. */
export const rootOwner = ({ cloud: { files }, server }: Pick<Preparation, 'cloud' | 'server'>) => {
  const text = rootOwnershipText(server.id);
  return {
    async ensure(options: CallOptions): Promise<void> {
      await files.createDirectory(serverPaths.clients, { ...options, mode: 0o755 });
      await files.writeAtomic(serverPaths.owner, text, { ...options, mode: 0o644 });
    },
    async remove(options: CallOptions): Promise<void> {
      if ((await files.read(serverPaths.owner, options)) !== text) return;
      await files.removeFile(serverPaths.owner, options);
    },
  };
};

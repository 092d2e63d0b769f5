import { message } from '@alfa-cloud/contracts';
import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { nameOccupied } from '../../on-server/failures.ts';
import { isOwnedByClient, ownershipText, type OwnedDirectory } from '../../on-server/owned-directory.ts';
import type { Resource } from '../resource.ts';

/** A directory with an owner file. `inspect`: whether it is there and the owner's. */
export const ownedDirectory = (
  { files }: CloudServer,
  { path, ownerFile, ownership }: OwnedDirectory,
): Resource<boolean> => {
  const text = ownershipText(ownership);
  return {
    inspect: async (options) => (await files.read(ownerFile, options)) === text,
    async ensure(options) {
      await files.createDirectory(path, { ...options, mode: 0o755 });
      const owner = await files.read(ownerFile, options);
      if (owner !== text) {
        const names = (await files.list(path, options)) ?? [];
        // An empty directory is nobody's.
        if (owner !== null || !names.every(isDraft)) throw nameOccupied(message`Directory ${path}`);
        await files.writeAtomic(ownerFile, text, { ...options, mode: 0o644 });
      }
      return `Directory ${path} is there`;
    },
    async remove(options) {
      const names = await files.list(path, options);
      if (names === null) return `Directory ${path} is not there`;
      if (!names.every(isDraft) && (await files.read(ownerFile, options)) !== text) {
        return `Directory ${path} is not of this operation: left alone`;
      }
      // The owner file goes last, with the directory: a crash in between leaves no files without an owner.
      for (const name of names) {
        if (`${path}/${name}` !== ownerFile) await files.removeFile(`${path}/${name}`, options);
      }
      await files.removeDirectory(path, options);
      return `Directory ${path} removed`;
    },
  };
};

/** A file that a crash has left half written; see `writeAtomic`. */
const isDraft = (name: string): boolean => name.startsWith('.') && name.endsWith('.draft');

/** True when the directory with this owner file is the client's, whichever operation made it. */
export const isOfClient = async (
  { files }: CloudServer,
  ownerFile: string,
  clientId: string,
  options: CallOptions,
): Promise<boolean> => {
  const text = await files.read(ownerFile, options);
  return text !== null && isOwnedByClient(text, clientId);
};

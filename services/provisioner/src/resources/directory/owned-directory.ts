import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { nameOccupied } from '../../on-server/failures.ts';

/** Who a directory belongs to, as its owner file says. */
export type Ownership = Readonly<Record<string, string>>;

const textOf = (ownership: Ownership): string => `${JSON.stringify(ownership)}\n`;

/** A directory with a file in it that says whose it is: directories carry no labels. */
export interface OwnedDirectory {
  path: string;
  ownerFile: string;
  ownership: Ownership;
}

/** Makes the directory, once. An empty one counts as nobody's; another owner's is a final failure `name_occupied`. */
export const ensureOwnedDirectory = async (
  server: CloudServer,
  { path, ownerFile, ownership }: OwnedDirectory,
  options: CallOptions,
): Promise<void> => {
  await server.files.createDirectory(path, { ...options, mode: 0o755 });
  const owner = await server.files.read(ownerFile, options);
  if (owner === textOf(ownership)) return;
  const names = (await server.files.list(path, options)) ?? [];
  if (owner !== null || names.some((name) => !isDraft(name))) throw nameOccupied(`Directory ${path}`);
  await server.files.writeAtomic(ownerFile, textOf(ownership), { ...options, mode: 0o644 });
};

/** True when the directory is there and this owner's. */
export const isOwned = async (
  server: CloudServer,
  { ownerFile, ownership }: OwnedDirectory,
  options: CallOptions,
): Promise<boolean> => (await server.files.read(ownerFile, options)) === textOf(ownership);

/** Removes the directory when it is this owner's or empty. The owner file goes last, so that a crash in between leaves no ownerless files. */
export const removeOwnedDirectory = async (
  server: CloudServer,
  directory: OwnedDirectory,
  options: CallOptions,
): Promise<string> => {
  const { path, ownerFile } = directory;
  const names = await server.files.list(path, options);
  if (names === null) return `Directory ${path} is not there`;
  if (names.some((name) => !isDraft(name)) && !(await isOwned(server, directory, options))) {
    return `Directory ${path} is not of this operation: left alone`;
  }
  for (const name of names) {
    if (`${path}/${name}` !== ownerFile) await server.files.removeFile(`${path}/${name}`, options);
  }
  await server.files.removeDirectory(path, options);
  return `Directory ${path} removed`;
};

/** A file that a crash left half written; see `writeAtomic`. */
const isDraft = (name: string): boolean => name.startsWith('.') && name.endsWith('.draft');

/** True when the owner file names the client, whichever operation made the directory. */
export const isOfClient = async (
  server: CloudServer,
  ownerFile: string,
  clientId: string,
  options: CallOptions,
): Promise<boolean> => {
  const text = await server.files.read(ownerFile, options);
  if (text === null) return false;
  try {
    return (JSON.parse(text) as Ownership)['client'] === clientId;
  } catch {
    return false;
  }
};

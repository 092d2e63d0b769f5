/** Whose a directory is, as its owner file says. */
export type Ownership = Readonly<Record<string, string>>;

/** A directory with a file in it that says whose it is, since directories carry no labels. */
export interface OwnedDirectory {
  path: string;
  ownerFile: string;
  ownership: Ownership;
}

/** The owner file's text. */
export const ownershipText = (ownership: Ownership): string => `${JSON.stringify(ownership)}\n`;

/** True when an owner file names the client, whichever operation made the directory. */
export const isOwnedByClient = (text: string, clientId: string): boolean => {
  try {
    return (JSON.parse(text) as Ownership)['client'] === clientId;
  } catch {
    return false;
  }
};

/** Text of the file that says which server a root directory belongs to. */
export const rootOwnershipText = (serverId: string): string => ownershipText({ server: serverId });

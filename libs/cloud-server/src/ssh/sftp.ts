import type { InputAttributes, SFTPWrapper, Stats } from 'ssh2';

/** SSH_FX_NO_SUCH_FILE */
const noSuchFile = 2;

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** A call of ssh2's SFTP client as a promise. */
export const sftpCall = <T = void>(call: (done: Done<T>) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });

export const statusCodeOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;

/** Null when the server answers that there is no such file. */
export const orNull = async <T>(act: Promise<T>): Promise<T | null> => {
  try {
    return await act;
  } catch (error) {
    if (statusCodeOf(error) === noSuchFile) return null;
    throw error;
  }
};

export const lstat = (sftp: SFTPWrapper, path: string): Promise<Stats | null> =>
  orNull(sftpCall<Stats>((done) => sftp.lstat(path, done)));

/** Makes the directory and its parents; those that are there stay as they are. */
export const makeDirectory = async (
  sftp: SFTPWrapper,
  path: string,
  attributes: InputAttributes,
): Promise<void> => {
  const missing: string[] = [];
  let current = path;
  while (current !== '/' && (await lstat(sftp, current)) === null) {
    missing.unshift(current);
    current = current.slice(0, current.lastIndexOf('/')) || '/';
  }
  for (const each of missing) {
    try {
      await sftpCall((done) => sftp.mkdir(each, attributes, done));
    } catch (error) {
      // Somebody else may have been quicker; the protocol has no word for that.
      if ((await lstat(sftp, each))?.isDirectory() !== true) throw error;
    }
  }
};

/** The new content whole under a name of its own, on the disk, then in the place of the old. */
export const replaceFile = async (
  sftp: SFTPWrapper,
  { draft, file, content, mode }: { draft: string; file: string; content: string; mode: number },
): Promise<void> => {
  await orNull(sftpCall((done) => sftp.unlink(draft, done)));
  // Fails when there is something of that name again, a symbolic link too.
  const handle = await sftpCall<Buffer>((done) => sftp.open(draft, 'wx', { mode }, done));
  try {
    // The server's umask took its bits from the mode given to open.
    await sftpCall((done) => sftp.fsetstat(handle, { mode }, done));
    const bytes = Buffer.from(content);
    if (bytes.length > 0) await sftpCall((done) => sftp.write(handle, bytes, 0, bytes.length, 0, done));
    await sftpCall<unknown>((done) => sftp.ext_openssh_fsync(handle, done));
  } finally {
    await sftpCall((done) => sftp.close(handle, done));
  }
  await sftpCall((done) => sftp.ext_openssh_rename(draft, file, done));
};

import { message, type Message, messageInWords } from '@alfa-cloud/contracts';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { errorCode, errorMessage, errorName, withDeadline } from '@alfa-cloud/service-kit';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';
import type { CallOptions } from '../call-options.ts';
import type { ServerFiles } from '../cloud-server.ts';
import { relativeSegments } from '../relative-path.ts';

const callMs = 15_000;

/** Files below `root` on this machine. */
export const localFiles = (root: string): ServerFiles => ({
  absolute: (path) => absoluteOf(root, path),
  createDirectory: (path, options) =>
    call(message`make directory ${path}`, options, async () => {
      await refuseLinks(root, path);
      await mkdir(absoluteOf(root, path), { recursive: true, mode: options.mode });
    }),
  writeAtomic: (path, content, options) =>
    call(message`write file ${path}`, options, async () => {
      await refuseLinks(root, path);
      await replaceFile(absoluteOf(root, path), content, options.mode);
    }),
  read: (path, options) =>
    call(message`read file ${path}`, options, async () => {
      await refuseLinks(root, path);
      return orNull(() => readFile(absoluteOf(root, path), 'utf8'));
    }),
  list: (path, options) =>
    call(message`list directory ${path}`, options, async () => {
      await refuseLinks(root, path);
      return orNull(() => readdir(absoluteOf(root, path)));
    }),
  removeFile: (path, options) =>
    call(message`remove file ${path}`, options, async () => {
      await refuseLinks(root, posix.dirname(path));
      await orNull(() => unlink(absoluteOf(root, path)));
    }),
  removeDirectory: (path, options) =>
    call(message`remove directory ${path}`, options, async () => {
      await refuseLinks(root, posix.dirname(path));
      await rm(absoluteOf(root, path), { recursive: true, force: true });
    }),
});

const absoluteOf = (root: string, path: string): string => join(root, ...relativeSegments(path));

/** A symbolic link anywhere below the root could lead out of it; Alfa Cloud makes none, so none is followed. */
const refuseLinks = async (root: string, path: string): Promise<void> => {
  let current = root;
  for (const segment of path === '.' ? [] : relativeSegments(path)) {
    current = join(current, segment);
    const found = await orNull(() => lstat(current));
    if (found === null) return;
    if (found.isSymbolicLink()) {
      throw new CloudServerError('final', 'path_refused', message`${path} leads over a symbolic link`);
    }
  }
};

/** The draft has a fixed name, so that one left by a crash is replaced by the next write and does not stay with a secret in it. */
const replaceFile = async (file: string, content: string, mode: number): Promise<void> => {
  const directory = dirname(file);
  const draft = join(directory, `.${file.slice(directory.length + 1)}.draft`);
  await orNull(() => unlink(draft));
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const handle = await open(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
  try {
    // The umask took its bits from the mode given to open.
    await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncDirectory(directory);
};

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const orNull = async <T>(act: () => Promise<T>): Promise<T | null> => {
  try {
    return await act();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};

const call = async <T>(
  what: Message,
  options: CallOptions | undefined,
  act: () => Promise<T>,
): Promise<T> => {
  try {
    return await withDeadline(
      options?.deadlineMs ?? callMs,
      messageInWords('en', what),
      act,
      options?.signal,
    );
  } catch (error) {
    if (isCloudServerError(error) || options?.signal?.aborted === true) throw error;
    if (errorName(error) === 'DeadlineExceeded') {
      throw new CloudServerError('transient', 'deadline_exceeded', message`Could not ${what} in time`, {
        cause: error,
      });
    }
    const full = errorCode(error) === 'ENOSPC';
    throw new CloudServerError(
      'final',
      full ? 'disk_full' : 'file_failed',
      message`Could not ${what}: ${full ? message`no space left on the disk` : (errorCode(error) ?? errorMessage(error))}`,
      { cause: error },
    );
  }
};

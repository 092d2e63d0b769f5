import { message, type Message } from '@alfa-cloud/contracts';
import { posix } from 'node:path';
import type { FileEntryWithStats, SFTPWrapper } from 'ssh2';
import { errorMessage } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import type { CallOptions } from '../call-options.ts';
import type { ServerFiles } from '../cloud-server.ts';
import { relativeSegments } from '../relative-path.ts';
import type { Commands } from './commands.ts';
import { SftpSession } from './sftp-session.ts';
import { lstat, makeDirectory, orNull, replaceFile, sftpCall, statusCodeOf } from './sftp.ts';
import { sshCall } from './ssh-call.ts';
import type { SshConnection } from './ssh-connection.ts';

const fileMs = 15_000;
const permissionDenied = 3;

/** Files below `root` on a server, as the user who is logged in there. */
export const sftpFiles = (connection: SshConnection, commands: Commands, root: string): ServerFiles => {
  const session = new SftpSession(connection);
  const call = <T>(
    what: Message,
    options: CallOptions | undefined,
    act: (work: Work) => Promise<T>,
  ): Promise<T> =>
    sshCall(
      what,
      { deadlineMs: fileMs, ...options },
      (signal) =>
        act({
          // Given back before a command is run: who holds one session must not wait for another.
          sftp: (work) => session.use(signal, (sftp) => orDiskFull(what, sftp, root, () => work(sftp))),
          command: (...argv) => succeed(commands, argv, signal),
        }),
      (error) => fileFailure(what, error),
    );
  const absolute = (path: string) => posix.join(root, ...relativeSegments(path));
  return {
    absolute,
    createDirectory: (path, options) =>
      call(message`make directory ${path}`, options, ({ sftp }) =>
        sftp(async (sftp) => {
          await refuseLinks(sftp, root, path);
          await makeDirectory(sftp, absolute(path), { mode: options.mode });
        }),
      ),
    writeAtomic: (path, content, options) =>
      call(message`write file ${path}`, options, async ({ sftp, command }) => {
        const file = absolute(path);
        const directory = posix.dirname(file);
        // The name is always the same, so that a draft left by a crash is replaced by the next write.
        const draft = posix.join(directory, `.${posix.basename(file)}.draft`);
        await sftp(async (sftp) => {
          await refuseLinks(sftp, root, path);
          await replaceFile(sftp, { draft, file, content, mode: options.mode });
        });
        // SFTP can't ask for a directory to be on the disk.
        await command('sync', '--', directory);
      }),
    read: (path, options) =>
      call(message`read file ${path}`, options, ({ sftp }) =>
        sftp(async (sftp) => {
          await refuseLinks(sftp, root, path);
          const content = await orNull(sftpCall<Buffer>((done) => sftp.readFile(absolute(path), done)));
          return content === null ? null : content.toString('utf8');
        }),
      ),
    list: (path, options) =>
      call(message`list directory ${path}`, options, ({ sftp }) =>
        sftp(async (sftp) => {
          await refuseLinks(sftp, root, path);
          const list = sftpCall<FileEntryWithStats[]>((done) => sftp.readdir(absolute(path), done));
          return (await orNull(list))?.map(({ filename }) => filename) ?? null;
        }),
      ),
    removeFile: (path, options) =>
      call(message`remove file ${path}`, options, ({ sftp }) =>
        sftp(async (sftp) => {
          await refuseLinks(sftp, root, posix.dirname(path));
          await orNull(sftpCall((done) => sftp.unlink(absolute(path), done)));
        }),
      ),
    removeDirectory: (path, options) =>
      call(message`remove directory ${path}`, options, async ({ sftp, command }) => {
        await sftp((sftp) => refuseLinks(sftp, root, posix.dirname(path)));
        await command('rm', '-rf', '--', absolute(path));
      }),
  };
};

interface Work {
  sftp: <T>(work: (sftp: SFTPWrapper) => Promise<T>) => Promise<T>;
  /** Runs a program, which must succeed. */
  command: (...argv: string[]) => Promise<void>;
}

const succeed = async (commands: Commands, argv: readonly string[], signal: AbortSignal): Promise<void> => {
  const { exitCode, stderr } = await commands.run({ argv }, { signal });
  if (exitCode !== 0) throw new Error(stderr.trim());
};

/** A symbolic link anywhere below the root could lead out of it; Alfa Cloud makes none, so none is followed. */
const refuseLinks = async (sftp: SFTPWrapper, root: string, path: string): Promise<void> => {
  const segments = path === '.' ? [] : relativeSegments(path);
  const parts = segments.map((_, index) => posix.join(root, ...segments.slice(0, index + 1)));
  const found = await Promise.all(parts.map((part) => lstat(sftp, part)));
  if (found.some((stats) => stats?.isSymbolicLink() === true)) {
    throw new CloudServerError('final', 'path_refused', message`${path} leads over a symbolic link`);
  }
};

/** The protocol says no more than "failure" for a full disk; the disk itself tells. */
const orDiskFull = async <T>(
  what: Message,
  sftp: SFTPWrapper,
  root: string,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const generalFailure = 4;
    if (statusCodeOf(error) !== generalFailure) throw error;
    const look = sftpCall<{ f_bavail: number | bigint }>((done) => sftp.ext_openssh_statvfs(root, done));
    const free = await look.then(
      ({ f_bavail }) => Number(f_bavail),
      () => null,
    );
    throw free === 0 ? diskFull(what, error) : error;
  }
};

const diskFull = (what: Message, cause: unknown): CloudServerError =>
  new CloudServerError(
    'final',
    'disk_full',
    message`Could not ${what}: ${message`no space left on the disk`}`,
    { cause },
  );

const fileFailure = (what: Message, cause: unknown): CloudServerError => {
  const code = statusCodeOf(cause);
  // ssh2 answers so to all that was asked when the session ends.
  if (code === undefined && /no response|not connected|ended/i.test(errorMessage(cause))) {
    const words = message`The connection was cut, so it is not known whether we could ${what}`;
    return new CloudServerError('transient', 'server_unreachable', words, { cause });
  }
  const reason =
    code === permissionDenied ? message`the user may not do that on the server` : errorMessage(cause);
  return new CloudServerError('final', 'file_failed', message`Could not ${what}: ${reason}`, { cause });
};

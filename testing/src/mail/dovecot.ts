import { execFileSync } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startContained } from './contained.ts';
import type { Postfix } from './postfix.ts';

/** A real IMAP server on loopback, with TLS from the first byte. Nothing of this machine's mail system is read or written. */
export interface Dovecot extends AsyncDisposable {
  port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a Dovecot that shows the mailboxes of a Postfix, and ends before it. Login is the address. Needs root. */
export const startDovecot = async (
  postfix: Postfix,
  { password }: { password: string },
): Promise<Dovecot> => {
  const directory = await temporaryDirectory('alfa-dovecot-');
  const { path } = directory;
  await chmod(path, 0o755);
  const port = await freePort();
  const file = join(path, 'dovecot.conf');
  const [uid, gid] = ['-u', '-g'].map((flag) => execFileSync('id', [flag, 'postfix']).toString().trim());
  const users = `uid=${uid} gid=${gid} home=${path} mail=maildir:${postfix.mailbox('%u')}`;
  const settings = `
base_dir = ${path}/run
state_dir = ${path}/state
log_path = ${path}/log
protocols = imap
listen = 127.0.0.1
first_valid_uid = 1
ssl = required
ssl_cert = <${postfix.caFile}
ssl_key = <${postfix.keyFile}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = ${users} allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
`;
  await writeFile(file, settings, { mode: 0o600 });
  let dovecot: ReturnType<typeof startContained> | undefined;
  const stop = async () => {
    await dovecot?.end();
    dovecot = undefined;
  };
  const start = async () => {
    const log = join(path, 'log');
    await rm(log, { force: true });
    dovecot = startContained('dovecot', ['-F', '-c', file]);
    await eventually('Dovecot to be ready', async () =>
      (await readFile(log, 'utf8')).includes('starting up'),
    );
  };
  const dispose = async () => {
    await stop();
    await directory.remove();
  };
  await start().catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  return { port, start, stop, [Symbol.asyncDispose]: dispose };
};

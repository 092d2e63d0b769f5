import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { runCommand } from '../run-command.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startContained } from './contained.ts';

/** A mail as it lies in a mailbox. */
export interface Delivered {
  raw: string;
  parsed: ParsedMail;
}

/** A real Postfix on loopback with mailboxes of its own. Nothing of this machine's mail system is read or written. */
export interface Postfix extends AsyncDisposable {
  port: number;
  /** What its certificate can be checked with, PEM. */
  caFile: string;
  keyFile: string;
  /** Maildir of an address. */
  mailbox(address: string): string;
  /** What lies in the mailbox of an address. */
  delivered(address: string): Promise<Delivered[]>;
}

export interface PostfixOptions {
  /** Whose mail it takes into mailboxes. */
  addresses: readonly string[];
}

/**
 * Starts a Postfix that takes mail for the domains of `addresses`, by STARTTLS alone. Like many a mail server in front of others, it finds out
 * after it has taken a mail that there is no such mailbox. Needs root.
 */
export const startPostfix = async ({ addresses }: PostfixOptions): Promise<Postfix> => {
  const directory = await temporaryDirectory('alfa-postfix-');
  const { path } = directory;
  const port = await freePort();
  // Its processes have users of their own.
  await chmod(path, 0o755);
  await prepare(path, port, addresses);
  // Makes the folders of the queue.
  await runCommand('postfix', ['-c', path, 'check']);
  const daemons = (await runCommand('postconf', ['-c', path, '-h', 'daemon_directory'])).trim();
  const postfix = startContained(join(daemons, 'master'), ['-c', path, '-d', '-s']);
  const dispose = async () => {
    await postfix.end();
    await directory.remove();
  };
  const mailbox = (address: string) => join(path, 'boxes', address);
  try {
    await eventually('Postfix to be ready', async () => {
      return (await readFile(join(path, 'log'), 'utf8')).includes('daemon started');
    });
  } catch (error) {
    const log = await readFile(join(path, 'log'), 'utf8').catch(() => 'no log');
    await dispose();
    throw new Error(`Postfix did not start:\n${log}`, { cause: error });
  }
  return {
    port,
    mailbox,
    caFile: join(path, 'certificate.pem'),
    keyFile: join(path, 'key.pem'),
    delivered: async (address) => {
      const folder = join(mailbox(address), 'new');
      const names = await readdir(folder).catch(() => []);
      return Promise.all(names.map((name) => read(join(folder, name))));
    },
    [Symbol.asyncDispose]: dispose,
  };
};

const read = async (file: string): Promise<Delivered> => {
  const raw = await readFile(file, 'utf8');
  return { raw, parsed: await simpleParser(raw) };
};

const prepare = async (path: string, port: number, addresses: readonly string[]): Promise<void> => {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postfix'])));
  for (const folder of ['queue', 'data', 'boxes']) await mkdir(join(path, folder));
  for (const folder of ['data', 'boxes']) await chown(join(path, folder), Number(uid), Number(gid));
  execFileSync('openssl', certificateArguments(path), { stdio: 'ignore' });
  const domains = [...new Set(addresses.map((address) => address.slice(address.lastIndexOf('@') + 1)))];
  const mailboxes = addresses.map((address) => `${address}=${address}/`);
  const settings = {
    compatibility_level: '3.6',
    queue_directory: join(path, 'queue'),
    data_directory: join(path, 'data'),
    maillog_file: join(path, 'log'),
    maillog_file_prefixes: path,
    myhostname: 'mail.alfa.test',
    mydestination: '',
    alias_maps: '',
    inet_interfaces: '127.0.0.1',
    // Nothing is looked up anywhere, and nothing leaves this machine.
    disable_dns_lookups: 'yes',
    default_transport: 'error:5.4.4 nobody is reached from here',
    relay_transport: 'error:5.4.4 nobody is reached from here',
    virtual_mailbox_domains: domains.join(' '),
    virtual_mailbox_maps: `inline:{${mailboxes.join(', ')}}`,
    virtual_mailbox_base: join(path, 'boxes'),
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    virtual_minimum_uid: '1',
    smtpd_reject_unlisted_recipient: 'no',
    smtpd_tls_security_level: 'encrypt',
    smtpd_tls_cert_file: join(path, 'certificate.pem'),
    smtpd_tls_key_file: join(path, 'key.pem'),
    smtp_tls_security_level: 'none',
  };
  await writeFile(
    join(path, 'main.cf'),
    `${Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n')}\n`,
  );
  await writeFile(join(path, 'master.cf'), `${services(port).join('\n')}\n`);
};

/** For a day, of which Postfix itself is the authority. */
const certificateArguments = (path: string): string[] => [
  ...'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=mail.alfa.test'.split(' '),
  ...'-addext subjectAltName=DNS:localhost,IP:127.0.0.1'.split(' '),
  '-keyout',
  join(path, 'key.pem'),
  '-out',
  join(path, 'certificate.pem'),
];

/** The parts of Postfix that take, keep, deliver and return mail. */
const services = (port: number): string[] => [
  `127.0.0.1:${port} inet n - n - - smtpd`,
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'virtual unix - n n - - virtual',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'anvil unix - - n - 1 anvil',
  'proxymap unix - - n - - proxymap',
  'postlog unix-dgram n - n - 1 postlogd',
];

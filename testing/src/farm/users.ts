import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Who may log in to a farm server: `root`; `alfa`, in group docker and owner of /srv/alfa; `ops`, who may `sudo -n` everything;
 * `guest`, who may nothing.
 */
export type FarmUser = 'root' | 'alfa' | 'ops' | 'guest';

const people: readonly (readonly [FarmUser, number])[] = [
  ['alfa', 2001],
  ['ops', 2002],
  ['guest', 2003],
];

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'sshd:x:2100:65534::/run/sshd:/usr/sbin/nologin',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  ...people.map(([name, id]) => `${name}:x:${id}:${id}::/run/home/${name}:/bin/sh`),
];
const group = [
  'root:x:0:',
  'tty:x:5:',
  'nogroup:x:65534:',
  'docker:x:2375:alfa',
  ...people.map(([name, id]) => `${name}:x:${id}:`),
];
// A star is no password, and yet not a locked account, which sshd would refuse.
const shadow = ['root', 'sshd', 'nobody', ...people.map(([name]) => name)].map(
  (name) => `${name}:*:19000:0:99999:7:::`,
);
const sudoers = ['root ALL=(ALL) ALL', 'ops ALL=(ALL) NOPASSWD: ALL'];

/** Writes the files that boot.sh lays over those of the host. */
export async function writeUsers(folder: string): Promise<void> {
  const etc = join(folder, 'etc');
  await mkdir(etc, { recursive: true });
  for (const [name, lines, mode] of [
    ['passwd', passwd, 0o644],
    ['group', group, 0o644],
    ['shadow', shadow, 0o600],
    ['sudoers', sudoers, 0o440],
  ] as const) {
    await writeFile(join(etc, name), `${lines.join('\n')}\n`);
    await chmod(join(etc, name), mode);
  }
}

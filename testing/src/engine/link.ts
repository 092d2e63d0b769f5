import { runCommand } from '../run-command.ts';

/** The cable between the host and a machine with a network of its own. It goes with the machine. */
export interface Link {
  readonly name: string;
  /** The machine's address. */
  readonly inside: string;
  /** The host's address, which is all that the machine knows of the world. */
  readonly outside: string;
}

/** The cable of the machine with that name, by the first two bytes of its engine's addresses. */
export const linkOf = (name: string, prefix: string): Link => ({
  name: `${name}-out`,
  inside: `${prefix}.255.2`,
  outside: `${prefix}.255.1`,
});

/** Plugs the cable in, at the begin of a machine's life. `init`: a process of the machine. */
export async function connectMachine({ name, inside, outside }: Link, init: number): Promise<void> {
  // The one of an earlier machine goes a moment after that.
  await runCommand('ip', ['link', 'delete', name]).catch(() => {});
  await runCommand('ip', [
    'link',
    'add',
    name,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    String(init),
  ]);
  await runCommand('ip', ['address', 'add', `${outside}/30`, 'dev', name]);
  await runCommand('ip', ['link', 'set', name, 'up']);
  const ip = (...words: string[]) =>
    runCommand('nsenter', ['--target', String(init), '--net', 'ip', ...words]);
  await ip('link', 'set', 'lo', 'up');
  await ip('address', 'add', `${inside}/30`, 'dev', 'eth0');
  await ip('link', 'set', 'eth0', 'up');
  await ip('route', 'add', 'default', 'via', outside);
}

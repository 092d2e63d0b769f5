import { runCommand } from '../run-command.ts';

/** The cable from a server to the bridge of its farm. It goes with the server's machine. */
export interface Cable {
  /** Of the host's end; `eth0` is the server's. */
  readonly name: string;
  readonly bridge: string;
  readonly address: string;
  /** The host's address, which the server takes for its way into the world. */
  readonly gateway: string;
}

/** Plugs the cable in, at the begin of a machine's life. `init`: a process of the machine. */
export async function plugIn({ name, bridge, address, gateway }: Cable, init: number): Promise<void> {
  const ip = (...words: string[]) => runCommand('ip', words);
  // The one of an earlier machine goes a moment after that.
  await ip('link', 'delete', name).catch(() => {});
  const peer = ['peer', 'name', 'eth0', 'address', hardwareAddress(address), 'netns', String(init)];
  await ip('link', 'add', name, 'type', 'veth', ...peer);
  await ip('link', 'set', name, 'master', bridge, 'up');
  const inside = (...words: string[]) => runCommand('nsenter', atServer(init, ['ip', ...words]));
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${address}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  await inside('route', 'add', 'default', 'via', gateway);
}

/**
 * A network card's address that stays the same over reboots, and that of a bridge whatever is plugged into it: the other side would go on
 * sending to the old one for a while.
 */
export const hardwareAddress = (address: string): string =>
  ['02', '42', ...address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(':');

/** Nothing passes any more, and neither side is told. */
export const cut = ({ name }: Cable): Promise<unknown> => runCommand('ip', ['link', 'set', name, 'down']);

export const mend = ({ name }: Cable): Promise<unknown> => runCommand('ip', ['link', 'set', name, 'up']);

/** So many kilobits a second in each direction; what waits longer than half a second for its turn is lost. */
export async function slowDown({ name }: Cable, init: number, kilobits: number): Promise<void> {
  const queue = ['root', 'tbf', 'rate', `${kilobits}kbit`, 'burst', '16kb', 'latency', '500ms'];
  await runCommand('tc', ['qdisc', 'replace', 'dev', name, ...queue]);
  await runCommand('nsenter', atServer(init, ['tc', 'qdisc', 'replace', 'dev', 'eth0', ...queue]));
}

export async function speedUp({ name }: Cable, init: number): Promise<void> {
  await runCommand('tc', ['qdisc', 'delete', 'dev', name, 'root']);
  await runCommand('nsenter', atServer(init, ['tc', 'qdisc', 'delete', 'dev', 'eth0', 'root']));
}

const atServer = (init: number, words: readonly string[]) => ['--target', String(init), '--net', ...words];

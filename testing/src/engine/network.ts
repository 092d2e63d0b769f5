import { readFile } from 'node:fs/promises';

import { runCommand } from '../run-command.ts';

interface Link {
  readonly ifname: string;
  readonly addr_info?: ReadonlyArray<{ readonly local?: string }>;
}

/** Whether an interface other than the one named has an address that begins so. */
export async function addressesTaken(prefix: string, exceptOn: string): Promise<boolean> {
  const links = JSON.parse(await runCommand('ip', ['-json', '-4', 'address', 'show'])) as Link[];
  return links.some(
    ({ ifname, addr_info }) =>
      ifname !== exceptOn && addr_info?.some(({ local }) => local?.startsWith(`${prefix}.`)),
  );
}

/** Makes the engine's own default bridge; tidy.sh removes it. */
export async function makeBridge(name: string, prefix: string): Promise<void> {
  await runCommand('ip', ['link', 'add', 'name', name, 'type', 'bridge']);
  await runCommand('ip', ['address', 'add', `${prefix}.0.1/24`, 'dev', name]);
  await runCommand('ip', ['link', 'set', name, 'up']);
  // Another Docker on this machine makes the kernel pass bridged packets through FORWARD and drop there what it does not know.
  const filtered = await readFile('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').catch(() => '0');
  if (filtered.trim() === '1') await runCommand('iptables', ['-w', '-I', 'FORWARD', ...bridgedPackets(name)]);
}

const bridgedPackets = (name: string) =>
  [
    ['-m', 'physdev', '--physdev-is-bridged'],
    ['-m', 'comment', '--comment', name],
    ['-j', 'ACCEPT'],
  ].flat();

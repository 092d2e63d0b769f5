import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Makes the engine's own default bridge, in place of what a killed run may have left. */
export async function makeBridge(name: string, prefix: string, dataRoot: string): Promise<void> {
  await removeBridges(name, dataRoot);
  await runCommand('ip', ['link', 'add', 'name', name, 'type', 'bridge']);
  await runCommand('ip', ['address', 'add', `${prefix}.0.1/24`, 'dev', name]);
  await runCommand('ip', ['link', 'set', name, 'up']);
  if (await bridgesAreFiltered())
    await runCommand('iptables', ['-w', '-I', 'FORWARD', ...bridgedPackets(name)]);
}

/** Removes the engine's default bridge and those of its networks that are still there. */
export async function removeBridges(name: string, dataRoot: string): Promise<void> {
  const networks = await readFile(join(dataRoot, 'network/files/local-kv.db'), 'latin1').catch(() => '');
  const links = JSON.parse(await runCommand('ip', ['-json', 'link', 'show'])) as Link[];
  for (const { ifname } of links) {
    // Docker names a bridge after its network; that our engine's own records have the network makes the bridge ours.
    const network = /^br-([0-9a-f]{12})$/.exec(ifname)?.[1];
    const isOurs = ifname === name || (network !== undefined && networks.includes(network));
    if (isOurs) await runCommand('ip', ['link', 'delete', ifname]);
  }
  if (!(await bridgesAreFiltered())) return;
  const rules = await runCommand('iptables', ['-w', '-S', 'FORWARD']);
  for (const rule of rules.split('\n').filter((line) => line.split(' ').includes(name))) {
    await runCommand('iptables', ['-w', '-D', ...rule.split(' ').slice(1)]);
  }
}

/** Another Docker on this machine makes the kernel pass bridged packets through FORWARD and drop there what it does not know. */
async function bridgesAreFiltered(): Promise<boolean> {
  const setting = await readFile('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').catch(() => '0');
  return setting.trim() === '1';
}

const bridgedPackets = (name: string) =>
  [
    ['-m', 'physdev', '--physdev-is-bridged'],
    ['-m', 'comment', '--comment', name],
    ['-j', 'ACCEPT'],
  ].flat();

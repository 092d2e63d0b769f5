import { BlockList, isIP } from 'node:net';

/** Addresses remembered with their verdict, so that the list is searched once for each. */
const rememberedMax = 1000;

/**
 * Test for addresses in a list of CIDR blocks and single addresses, IPv4 and IPv6.
 * An IPv4 address in its IPv6 form (`::ffff:127.0.0.1`) counts as the IPv4 address it is.
 * @throws Error naming an entry that is not valid
 */
export const createAddressList = (entries: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const entry of entries) addEntry(list, entry);
  const remembered = new Map<string, boolean>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const plain = plainAddress(address);
    const family = isIP(plain);
    const verdict = family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(address, verdict);
    return verdict;
  };
};

/** Without the zone of a link-local address, and IPv4 without its IPv6 clothes. */
const plainAddress = (address: string): string =>
  address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

const addEntry = (list: BlockList, entry: string): void => {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix ?? '0') || length > bits) {
    throw new Error(`"${entry}" is neither an address nor a CIDR block`);
  }
  list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
};

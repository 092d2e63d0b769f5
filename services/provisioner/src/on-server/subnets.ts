import { createHash } from 'node:crypto';

/** Range of addresses for the networks of clients; see {@link parseRange}. */
export interface AddressRange {
  first: number;
  size: number;
}

/** A network takes 16 addresses: gateway, proxy, database, the container that serves and the one beside it need five. */
const subnetBits = 28;
const subnetSize = 2 ** (32 - subnetBits);
const addressesMax = 2 ** 32;

/**
 * Reads IPv4 addresses in CIDR notation, such as `10.213.0.0/16`.
 * @returns null for what is none, or has bits set behind its prefix
 */
export const parseRange = (cidr: string): AddressRange | null => {
  const [, address = '', bits] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const parts = address.split('.').map(Number);
  if (bits === undefined || Number(bits) > 32 || parts.some((part) => part > 255)) return null;
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = addressesMax / 2 ** Number(bits);
  return first % size === 0 ? { first, size } : null;
};

/** Whether the range holds the network of at least one client. */
export const holdsSubnet = ({ size }: AddressRange): boolean => size >= subnetSize;

/**
 * Subnets of the range that overlap none in use, in the order in which to try them. The seed chooses the first one: workers that allocate at
 * the same time seldom collide, and a client gets the same subnet again.
 * @param inUse in CIDR notation; IPv6 ones are ignored
 */
export function* freeSubnets(range: AddressRange, seed: string, inUse: readonly string[]): Generator<string> {
  const taken = inUse.flatMap((cidr) => parseLoosely(cidr) ?? []);
  const count = Math.floor(range.size / subnetSize);
  const begin = count === 0 ? 0 : createHash('sha256').update(seed).digest().readUInt32BE() % count;
  for (let number = 0; number < count; number += 1) {
    const first = range.first + ((begin + number) % count) * subnetSize;
    const isTaken = taken.some(
      (other) => first < other.first + other.size && other.first < first + subnetSize,
    );
    if (!isTaken) yield `${addressOf(first)}/${subnetBits}`;
  }
}

/** Docker accepts addresses with bits set behind the prefix, and returns them as they were given. */
const parseLoosely = (cidr: string): AddressRange | null => {
  const [address = '', bits = ''] = cidr.split('/');
  const exact = parseRange(`${address}/32`);
  const size = addressesMax / 2 ** Number(bits);
  if (exact === null || !/^\d+$/.test(bits) || Number(bits) > 32) return null;
  return { first: exact.first - (exact.first % size), size };
};

const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

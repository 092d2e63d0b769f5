import { describe, expect, test } from '@jest/globals';
import { freeSubnets, holdsSubnet, parseRange, type AddressRange } from './subnets.ts';

const range = (cidr: string): AddressRange => {
  const parsed = parseRange(cidr);
  if (parsed === null) throw new Error(`${cidr} is no range`);
  return parsed;
};
const all = (cidr: string, inUse: string[] = [], seed = 'a') => [...freeSubnets(range(cidr), seed, inUse)];

test.each(['10.213.0.0/16', '192.168.4.16/28', '0.0.0.0/0'])('%s is a range', (cidr) => {
  expect(holdsSubnet(range(cidr))).toBe(true);
});

test.each(['', '10.213.0.0', '10.213.0.1/16', '10.256.0.0/16', '10.0.0.0/33', 'fd00::/64', '10.0.0.0/8 '])(
  '"%s" is none',
  (cidr) => expect(parseRange(cidr)).toBe(null),
);

test('less than 16 addresses hold no network', () => {
  expect(holdsSubnet(range('10.0.0.0/29'))).toBe(false);
  expect(all('10.0.0.0/29')).toEqual([]);
});

describe('free subnets', () => {
  test('are all of the range, each once, from the one that follows from the seed', () => {
    const found = all('10.1.0.0/24');
    expect([...found].sort()).toEqual(
      Array.from({ length: 16 }, (_, index) => `10.1.0.${index * 16}/28`).sort(),
    );
    expect(all('10.1.0.0/24')).toEqual(found);
    expect(
      new Set(Array.from({ length: 40 }, (_, n) => all('10.1.0.0/24', [], `${n}`)[0])).size,
    ).toBeGreaterThan(5);
  });

  test('touch none that is in use, smaller, larger or written with further bits', () => {
    const inUse = ['10.1.0.4/30', '10.1.0.33/27', 'fd00::/64', '10.1.0.128/25', '172.17.0.0/16'];
    expect(all('10.1.0.0/24', inUse).sort()).toEqual(
      ['10.1.0.112/28', '10.1.0.16/28', '10.1.0.64/28', '10.1.0.80/28', '10.1.0.96/28'].sort(),
    );
  });

  test('are enough for 300 clients in the default range, one after the other', () => {
    const inUse: string[] = [];
    for (let client = 0; client < 300; client += 1) {
      const [next] = freeSubnets(range('10.213.0.0/16'), `client-${client}`, inUse);
      if (next === undefined) throw new Error('no address is left');
      inUse.push(next);
    }
    expect(new Set(inUse).size).toBe(300);
  });
});

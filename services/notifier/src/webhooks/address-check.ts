import { BlockList, isIP } from 'node:net';

/** Networks that are nobody's on the internet, and what leads to one: this host, private and shared ones, multicast, translations of IPv4. */
const refused = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]) {
  const [address = '', prefix] = network.split('/');
  refused.addSubnet(address, Number(prefix), 'ipv4');
}
for (const network of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [address = '', prefix] = network.split('/');
  refused.addSubnet(address, Number(prefix), 'ipv6');
}

/** All of IPv6 that is given to anybody lies here, so mapped, local and translated addresses do not. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** True for an address on the internet. Pure. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, 'ipv4');
  return family === 6 && global.check(address, 'ipv6') && !refused.check(address, 'ipv6');
};

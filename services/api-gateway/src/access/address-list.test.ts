import { expect, test } from '@jest/globals';
import { createAddressList } from './address-list.ts';

const allowed = createAddressList([
  '127.0.0.0/8',
  '::1',
  '10.20.0.0/16',
  '192.0.2.7',
  'fd00::/8',
  'fe80::/10',
]);

test.each([
  '127.0.0.1',
  '127.255.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '::FFFF:10.20.3.4',
  '10.20.255.255',
  '192.0.2.7',
  'fd12:3456::1',
  'fe80::1%eth0',
])('%s is allowed', (address) => {
  expect(allowed(address)).toBe(true);
});

test.each([
  '10.21.0.1',
  '192.0.2.8',
  '::2',
  '2001:db8::1',
  '::ffff:10.21.0.1',
  '',
  'localhost',
  '127.0.0.1 ',
])('"%s" is not', (address) => {
  expect(allowed(address)).toBe(false);
});

test.each(['10.0.0.0/33', '::/129', 'localhost', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/x', ''])(
  'the entry "%s" is refused',
  (entry) => {
    expect(() => createAddressList([entry])).toThrow('neither an address nor a CIDR block');
  },
);

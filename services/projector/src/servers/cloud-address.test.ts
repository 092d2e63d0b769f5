import { expect, test } from '@jest/globals';
import { cloudAddress } from './cloud-address.ts';

test.each([
  [{ httpPort: 80 }, 'http://lab.example.test'],
  [{ httpPort: 8080 }, 'http://lab.example.test:8080'],
  [{ httpPort: 80, httpsPort: 443 }, 'https://lab.example.test'],
  [{ httpPort: 80, httpsPort: 8443 }, 'https://lab.example.test:8443'],
])('proxy %j', (proxy, address) => {
  expect(cloudAddress('lab', { domain: 'example.test', proxy })).toBe(address);
});

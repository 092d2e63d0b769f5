import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublicAddress } from './address-check.ts';
import { post, type PostOptions } from './post.ts';
import { signed } from './sign.ts';

const refused = [
  '127.0.0.1',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fe80::1',
  'ff02::1',
  '2002:7f00:1::',
  '2001:db8::1',
  'localhost',
  '',
];
test.each(refused)('%s is no address on the internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test('what is sent is signed as Standard Webhooks has it', () => {
  // The example of the specification's own libraries.
  const headers = signed(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1614265330_000),
    '{"test": 2432232314}',
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

describe('a post', () => {
  let server: Server;
  let port: number;
  let answer: (path: string) => { status: number; headers?: Record<string, string> } | null;
  const seen: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const path = request.url ?? '';
        seen.push({ path, headers: request.headers, body });
        const said = answer(path);
        if (said === null) return;
        response.writeHead(said.status, said.headers);
        // Never ends: nobody may wait for it.
        response.write('x'.repeat(100_000));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (path: string, options: Partial<PostOptions> = {}, host = '127.0.0.1') =>
    post(
      `http://${host}:${port}${path}`,
      { headers: { 'webhook-id': 'x' }, body: '{}' },
      { allowPrivate: true, deadlineMs: 5000, ...options },
    );

  test('is done at 2xx, also when the answer never ends', async () => {
    answer = () => ({ status: 202 });
    expect(await send('/taken')).toBe(202);
    expect(seen.at(-1)).toMatchObject({
      path: '/taken',
      body: '{}',
      headers: { 'webhook-id': 'x', 'content-type': 'application/json' },
    });
  });

  test('follows no redirect, and is not tried again where the receiver is gone for good', async () => {
    answer = (path) =>
      path === '/from'
        ? { status: 302, headers: { location: `http://127.0.0.1:${port}/to` } }
        : { status: 410 };
    await expect(send('/from')).rejects.toMatchObject({ kind: 'transient', code: 'webhook_refused' });
    expect(seen.at(-1)?.path).toBe('/from');
    await expect(send('/gone')).rejects.toMatchObject({ kind: 'final' });
  });

  test('goes to the address that was checked, by the name that was asked for', async () => {
    answer = () => ({ status: 200 });
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await send('/named', { resolve }, 'hooks.example.test')).toBe(200);
    expect(seen.at(-1)?.headers.host).toBe(`hooks.example.test:${port}`);
  });

  test('does not go to a private network, whatever name leads there, nor without encryption', async () => {
    const before = seen.length;
    const options = { deadlineMs: 5000, allowPrivate: false };
    const to = (address: string, resolve?: PostOptions['resolve']) =>
      post(address, { headers: {}, body: '' }, { ...options, ...(resolve === undefined ? {} : { resolve }) });
    for (const host of ['127.0.0.1', '[::1]', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]']) {
      await expect(to(`https://${host}:${port}/`)).rejects.toMatchObject({ code: 'webhook_address_refused' });
    }
    const mixed = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(to(`https://a.test:${port}/`, mixed)).rejects.toMatchObject({
      code: 'webhook_address_refused',
    });
    await expect(to('http://a.test/')).rejects.toMatchObject({
      kind: 'final',
      code: 'webhook_not_encrypted',
    });
    expect(seen).toHaveLength(before);
  });

  test('fails like any other where the address is none', async () => {
    await expect(
      post('https://a.test:99999/', { headers: {}, body: '' }, { allowPrivate: false, deadlineMs: 5000 }),
    ).rejects.toMatchObject({
      code: 'webhook_unreachable',
    });
  });

  test('ends at its deadline where the receiver or the resolver keeps silent', async () => {
    answer = () => null;
    await expect(send('/silent', { deadlineMs: 50 })).rejects.toMatchObject({ code: 'webhook_unreachable' });
    const never = () => new Promise<never>(() => undefined);
    await expect(send('/', { deadlineMs: 50, resolve: never }, 'a.test')).rejects.toMatchObject({
      code: 'webhook_unreachable',
    });
  });
});

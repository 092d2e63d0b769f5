import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { hashPassword } from '@alfa-cloud/secrets';
import { basic, codesOf, gatewaysOfTest, login, password } from './support.ts';

const start = gatewaysOfTest();

test.each([
  ['no credentials', ''],
  ['a wrong password', basic(login, 'wrong')],
  ['the right password of another login', basic('root', password)],
  ['the password cut at its colon', basic(login, 'right')],
  ['another scheme', 'Bearer abc'],
  ['no colon', `Basic ${Buffer.from('admin').toString('base64')}`],
  ['no base64', 'Basic ???'],
])('%s: 401 with a challenge', async (_what, authorization) => {
  const gateway = await start();
  const reply = await gateway.send('/clients', { headers: { authorization } });
  expect([reply.status, ...codesOf(reply)]).toEqual([401, 'credentials_required']);
  expect(reply.headers['www-authenticate']).toBe('Basic realm="Alfa Cloud", charset="UTF-8"');
  expect(gateway.asked).toEqual([]);
});

test('wrong passwords make their address wait; who is known already goes on', async () => {
  const gateway = await start();
  expect((await gateway.send('/clients')).status).toBe(200);
  const wrong = () => gateway.send('/clients', { headers: { authorization: basic(login, 'wrong') } });
  const replies = [];
  for (let attempt = 0; attempt < 7; attempt += 1) replies.push(await wrong());
  expect(replies.slice(0, 5).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  expect(replies.at(-1)?.status).toBe(429);
  expect(Number(replies.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
  const other = await gateway.send('/clients', { headers: { authorization: basic('root', password) } });
  expect(other.status).toBe(429);
  expect((await gateway.send('/clients')).status).toBe(200);
});

test('many guesses at the same moment are no way around the wait', async () => {
  const gateway = await start();
  const replies = await Promise.all(
    Array.from({ length: 30 }, (_, guess) =>
      gateway.send('/clients', { headers: { authorization: basic(login, `guess ${guess}`) } }),
    ),
  );
  expect(replies.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(25);
});

test('a change of the password is in force at once, for headers verified before as well', async () => {
  const gateway = await start();
  expect((await gateway.send('/clients')).status).toBe(200);
  gateway.changeCredentials({ login: 'chief', hash: await hashPassword('another one') });
  expect((await gateway.send('/clients')).status).toBe(401);
  const authorization = basic('chief', 'another one');
  expect((await gateway.send('/clients', { headers: { authorization } })).status).toBe(200);
});

test('while the credentials are not known nobody is let in, and nobody is blamed', async () => {
  const gateway = await start();
  gateway.changeCredentials(null);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const reply = await gateway.send('/clients');
    expect([reply.status, ...codesOf(reply)]).toEqual([503, 'unavailable']);
  }
  expect((await gateway.send('/health/ready')).status).toBe(503);
});

test('only allowed addresses are let in, to health as well', async () => {
  const gateway = await start({ config: { allowedAddresses: ['10.0.0.0/8'] } });
  for (const path of ['/clients', '/health/live']) {
    const reply = await gateway.send(path);
    expect([reply.status, ...codesOf(reply)]).toEqual([403, 'address_not_allowed']);
  }
});

test('X-Forwarded-For counts only behind a proxy that is trusted', async () => {
  const headers = { 'x-forwarded-for': '10.1.2.3' };
  const allowedAddresses = ['10.0.0.0/8'];
  const open = await start({ config: { allowedAddresses } });
  expect((await open.send('/clients', { headers })).status).toBe(403);
  const behind = await start({ config: { allowedAddresses, trustProxy: ['loopback'] } });
  expect((await behind.send('/clients', { headers })).status).toBe(200);
});

test('pages of configured origins are let in, others are not', async () => {
  const gateway = await start();
  const origin = 'https://mol.test';
  const preflight = await gateway.send('/clients/create', {
    method: 'OPTIONS',
    headers: { origin, authorization: '', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': expect.stringContaining('Idempotency-Key'),
  });
  const reply = await gateway.send('/clients', { headers: { origin } });
  expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([200, origin]);

  for (const headers of [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    const refused = await gateway.send('/clients', { headers });
    expect([refused.status, ...codesOf(refused)]).toEqual([403, 'origin_not_allowed']);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('what is no HTTP is answered in the same form', async () => {
  const gateway = await start();
  const { hostname, port } = new URL(gateway.url);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('GARBAGE\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"malformed_request"');
});

test('headers without end are refused', async () => {
  const gateway = await start();
  const reply = await gateway.send('/clients', { headers: { 'x-much': 'x'.repeat(20_000) } });
  expect(reply.status).toBe(431);
});

test('stopping lets a running request finish and takes no new one', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let arrived = (): void => undefined;
  const inside = new Promise<void>((resolve) => (arrived = resolve));
  const gateway = await start({
    queries: {
      ListServers: async () => {
        arrived();
        await held;
        return { result: { items: [] } };
      },
    },
  });
  const running = gateway.send('/servers');
  await inside;
  const stopped = gateway.gateway.stop();
  const refused = await new Promise((resolve) => {
    httpRequest(`${gateway.url}/health/live`, { agent: false }, () => resolve('answered'))
      .on('error', () => resolve('refused'))
      .end();
  });
  expect(refused).toBe('refused');
  release();
  expect((await running).status).toBe(200);
  await stopped;
});

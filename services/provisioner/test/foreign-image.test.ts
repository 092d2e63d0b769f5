import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { eventually, freePort } from '@alfa-cloud/testing';
import { listedIn } from './bulk-rig.ts';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, startRig, type Rig } from './rig.ts';

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let httpPort: number;
  let serverId: string;
  let clientId: string;

  const host = 'foreign.lab.test';
  const container = 'alfa-foreign';

  beforeAll(async () => {
    server = await start();
    ({ cloud } = server);
    rig = await startRig({ cloud, readModels: listedIn(() => rig.store) });
    httpPort = await freePort();
    const registration = rig.registration({ proxy: { httpPort } });
    ({ serverId } = registration.data);
    await rig.succeed(registration);
    const creation = await rig.creation(serverId, { slug: 'foreign', image: 'alfa/client:foreign' });
    ({ clientId } = creation.data);
    await rig.succeed(creation);
  }, 300_000);

  afterAll(() => server?.dispose());

  const deployment = () => commandOf('DeployClients', { serverId });

  interface Visit {
    status: number;
    headers: NodeJS.Dict<string[]>;
    text: string;
  }

  /** A visitor with headers of any size. */
  const visit = (
    path: string,
    { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string | Buffer } = {},
  ): Promise<Visit> =>
    new Promise((resolve, reject) => {
      const options = {
        host: server.engine.address,
        port: httpPort,
        path,
        method: body.length === 0 ? 'GET' : 'POST',
        agent: false,
        maxHeaderSize: 1_000_000,
        headers: { host, 'content-length': String(body.length), ...headers },
        timeout: 20_000,
      };
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headersDistinct, text }),
        );
        response.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer within 20 s')));
      // The proxy may have answered and closed before it was sent all of a body that is too large.
      sent.on('error', reject).end(body);
    });

  const json = { accept: 'application/json' };
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  describe('headers', () => {
    test('of an answer pass up to 32 KB', async () => {
      for (const number of [1, 6, 16]) {
        const { status, headers } = await visit(`/cookies?number=${number}`);
        expect([status, headers['set-cookie']?.length]).toEqual([200, number]);
      }
    });

    test('of an answer do not keep a look at a client from its status', async () => {
      expect((await cloud.get({ port: httpPort, host, path: '/cookies?number=16' })).status).toBe(200);
    });

    test('of a request pass up to 32 KB, also in one line', async () => {
      for (const length of [14_000, 32_000]) {
        const { status, text } = await visit('/', { headers: { cookie: 'x'.repeat(length) } });
        expect([status, JSON.parse(text)]).toEqual([200, { cookie: length, body: 0 }]);
      }
    });
  });

  describe('a refusal at the proxy', () => {
    /** As a page for people and as a document for programs. */
    const both = async (path: string, options: Parameters<typeof visit>[1] = {}) => {
      const page = await visit(path, { ...options, headers: { ...html, ...options.headers } });
      const document = await visit(path, { ...options, headers: { ...json, ...options.headers } });
      expect(page.headers['content-type']).toEqual(['text/html; charset=utf-8']);
      expect(document.headers['content-type']).toEqual(['application/json']);
      expect([page.status, page.headers['x-alfa-page']]).toEqual([document.status, ['refusal']]);
      return { status: page.status, text: page.text, document: JSON.parse(document.text) as unknown };
    };
    const documentOf = (status: number, code: string) => ({
      errors: [{ status: String(status), code, title: expect.any(String), detail: expect.any(String) }],
    });

    test('of an upload that is too large is a page in the language of the client, or JSON', async () => {
      const { status, text, document } = await both('/', { body: Buffer.alloc(65 * 1024 * 1024) });
      expect(status).toBe(413);
      expect(text).toContain('Файл слишком большой');
      expect(document).toEqual(documentOf(413, 'upload_too_large'));
    });

    test.each([
      ['headers that are too large', '/', { cookie: 'x'.repeat(50_000) }, 431, 'headers_too_large'],
      ['a host that nobody has', '/', { host: 'nobody.lab.test' }, 404, 'unknown_host'],
    ])('of %s', async (_name, path, headers: Record<string, string>, status, code) => {
      const refused = await both(path, { headers });
      expect([refused.status, refused.document]).toEqual([status, documentOf(status, code)]);
      expect(refused.text).toContain(`data-alfa-page='${code}'`);
    });

    test('of an address that is too long is a page: its headers, and so the wish for JSON, are never read', async () => {
      const { status, text } = await visit(`/${'x'.repeat(50_000)}`, { headers: json });
      expect(status).toBe(414);
      expect(text).toContain("data-alfa-page='address_too_long'");
    });

    test('for lack of an application, or of a host, speaks the language that there is', async () => {
      await cloud.docker.stopContainer(container);
      // For some seconds the proxy still knows the container's address, where nobody takes the connection in time or refuses it.
      const page = await visit('/', { headers: html });
      const document = await visit('/', { headers: json });
      await cloud.docker.startContainer(container);
      expect(page.text).toContain("<html lang='ru'>");
      expect([documentOf(502, 'application_down'), documentOf(504, 'application_too_slow')]).toContainEqual(
        JSON.parse(document.text),
      );
      const nobody = { host: 'nobody.lab.test' };
      expect((await both('/', { headers: nobody })).text).toContain("lang='en'");
      const russian = { ...nobody, 'accept-language': 'ru-RU,ru;q=0.9,en;q=0.8' };
      expect((await both('/', { headers: russian })).text).toContain("lang='ru'");
      await eventually('the application is back', async () => (await visit('/')).status === 200);
    });

    test('for maintenance and after the last day', async () => {
      const message = `"Back" at 18:00 \\ $host '{}'`;
      await rig.succeed(commandOf('EnableMaintenance', { clientId, message }));
      const closed = await visit('/', { headers: json });
      expect([closed.status, closed.headers['content-type'], JSON.parse(closed.text)]).toEqual([
        503,
        ['application/json'],
        {
          errors: [
            { status: '503', code: 'maintenance', title: 'Техническое обслуживание', detail: message },
          ],
        },
      ]);
      expect(closed.headers).toMatchObject({ 'x-alfa-page': ['maintenance'], 'retry-after': ['120'] });
      expect((await visit('/', { headers: html })).text).toContain('<title>Техническое обслуживание</title>');
      await rig.succeed(commandOf('DisableMaintenance', { clientId }));

      const change = (expireDate: string) =>
        rig.succeed(
          commandOf('ChangeExpireDate', { clientId, expireDate, reason: 'contract', confirm: true }),
        );
      await change('2020-01-01');
      // For a moment after a reload an old worker of the proxy may answer.
      const expired = await eventually('the block', async () => {
        const shown = await visit('/', { headers: json });
        return shown.status === 403 && shown;
      });
      expect(JSON.parse(expired.text)).toEqual(documentOf(403, 'expired'));
      await change('2099-12-31');
    });
  });

  describe('limits of requests', () => {
    const upload = async (megabytes: number) =>
      (await visit('/', { body: Buffer.alloc(megabytes * 1024 * 1024) })).status;
    const containerId = async () => (await cloud.docker.container(container))?.id;

    test('of the client are in force at once, without another container, and go as they came', async () => {
      const before = await containerId();
      await rig.succeed(commandOf('ChangeClient', { clientId, limits: { uploadMb: 2, requestTimeoutS: 1 } }));
      expect([await upload(1), await upload(3)]).toEqual([200, 413]);
      const slow = await visit('/slow?seconds=3', { headers: json });
      expect([slow.status, JSON.parse(slow.text)]).toMatchObject([
        504,
        { errors: [{ code: 'application_too_slow' }] },
      ]);
      await rig.succeed(
        commandOf('ChangeClient', { clientId, limits: { uploadMb: null, requestTimeoutS: null } }),
      );
      expect([await upload(3), await containerId()]).toEqual([200, before]);
    });

    test('of the server hold for clients without any of their own, after a deployment', async () => {
      const { reply } = await rig.send(commandOf('ChangeServer', { serverId, limits: { uploadMb: 3 } }));
      expect(reply?.outcome).toBe('accepted');
      const before = await containerId();
      await rig.succeed(deployment());
      // For a moment after the reload an old worker of the proxy may take a request.
      await eventually('the limit is in force', async () => (await upload(4)) === 413);
      expect([await upload(2), await containerId()]).toEqual([200, before]);
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { changeProxyFiles } from './change-queue.ts';
import type { ProxyFile, TextOf } from './proxy-file.ts';

const changeProxy = (server: CloudServer, file: ProxyFile, textOf: TextOf, options: CallOptions) =>
  changeProxyFiles(server, [{ file, textOf }], options);

const fileOf = (slug: string): ProxyFile => ({ path: `clients/${slug}`, seenAs: `/clients/${slug}` });

/** nginx that refuses every configuration in which a file says "bad", and waits at its first reload until it is let go. */
const proxyServer = async (onCall: (number: number) => void = () => {}) => {
  const calls: string[] = [];
  const firstCheck = Promise.withResolvers<void>();
  const checking = Promise.withResolvers<void>();
  const server = fakeCloudServer({
    images: { nginx: {} },
    exec({ request }): Partial<ExecResult> {
      const words = request.argv.join(' ');
      calls.push(words);
      const bad = [...server.disk.files].filter(([, { content }]) => content === 'bad');
      return words === 'nginx -s reload' && bad.length > 0
        ? { exitCode: 1, stderr: bad.map(([path]) => `unexpected word in /${path}:1`).join('\n') }
        : {};
    },
  });
  const spec = {
    image: 'nginx',
    env: {},
    labels: {},
    network: 'alfa',
    mounts: [],
    ports: [],
    noNewPrivileges: true,
    capabilities: { drop: [], add: [] },
    restart: 'always',
    log: { maxSizeMb: 1, maxFiles: 1 },
  } as const;
  await server.docker.createContainer('alfa-proxy', spec);
  await server.docker.startContainer('alfa-proxy');
  await server.files.createDirectory('clients', { mode: 0o755 });
  const held = {
    ...server,
    docker: {
      ...server.docker,
      exec: async (...args: Parameters<typeof server.docker.exec>) => {
        checking.resolve();
        await firstCheck.promise;
        const result = await server.docker.exec(...args);
        onCall(calls.length);
        args[2]?.signal?.throwIfAborted();
        return result;
      },
    },
  };
  const texts = () =>
    Object.fromEntries([...server.disk.files].map(([path, { content }]) => [path.slice(8), content]));
  return { server: held, calls, texts, letGo: () => firstCheck.resolve(), checking: checking.promise };
};

const outcomeOf = (change: Promise<void>) =>
  change.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

/** Changes asked for while the first one is being checked. */
const together = async (
  texts: Record<string, string>,
  signals: Record<string, AbortSignal> = {},
  onCall?: (number: number) => void,
) => {
  const proxy = await proxyServer(onCall);
  const first = outcomeOf(changeProxy(proxy.server, fileOf('first'), () => 'good', {}));
  await proxy.checking;
  const others = Object.entries(texts).map(async ([slug, text]) => {
    const signal = signals[slug];
    const options = signal === undefined ? {} : { signal };
    return [slug, await outcomeOf(changeProxy(proxy.server, fileOf(slug), () => text, options))] as const;
  });
  return {
    ...proxy,
    outcomes: async () => ({ first: await first, ...Object.fromEntries(await Promise.all(others)) }),
  };
};

describe('changes that come while another one is being made', () => {
  test('are made together, with one reload', async () => {
    const { letGo, outcomes, calls, texts } = await together({ a: 'good', b: 'good', c: 'good' });
    letGo();
    expect(await outcomes()).toEqual({ first: 'ok', a: 'ok', b: 'ok', c: 'ok' });
    expect(calls).toEqual(['nginx -s reload', 'nginx -s reload']);
    expect(texts()).toEqual({ first: 'good', a: 'good', b: 'good', c: 'good' });
  });

  test('fail alone when one of them is refused, and its file is put back', async () => {
    const { letGo, outcomes, texts } = await together({ a: 'good', b: 'bad', c: 'good' });
    letGo();
    expect(await outcomes()).toEqual({ first: 'ok', a: 'ok', b: 'proxy_refused', c: 'ok' });
    expect(texts()).toEqual({ first: 'good', a: 'good', c: 'good' });
  });

  test('do not stop because one of those who wait goes away', async () => {
    const controller = new AbortController();
    const { letGo, outcomes, texts } = await together({ a: 'good', b: 'good' }, { a: controller.signal });
    controller.abort(new Error('told to stop'));
    letGo();
    expect(await outcomes()).toEqual({ first: 'ok', a: 'told to stop', b: 'ok' });
    expect(texts()).toEqual({ first: 'good', b: 'good' });
  });

  test('do not stop because one of them goes away while they are being loaded', async () => {
    const controller = new AbortController();
    const { letGo, outcomes, calls } = await together(
      { a: 'good', b: 'good' },
      { a: controller.signal, b: new AbortController().signal },
      (number) => (number === 2 ? controller.abort(new Error('told to stop')) : undefined),
    );
    letGo();
    expect(await outcomes()).toEqual({ first: 'ok', a: 'told to stop', b: 'ok' });
    expect(calls).toEqual(['nginx -s reload', 'nginx -s reload']);
  });

  test('each build on what the one before has written', async () => {
    const { server, letGo, checking, texts } = await proxyServer();
    const add = (word: string) =>
      changeProxy(server, fileOf('shared'), (found) => `${found ?? ''}${word}`, {});
    const all = ['a', 'b', 'c'].map(add);
    await checking;
    letGo();
    await Promise.all(all);
    expect(texts()).toEqual({ shared: 'abc' });
  });
});

test('of several files none stays changed when one is refused', async () => {
  const { server, letGo, texts } = await proxyServer();
  letGo();
  await changeProxy(server, fileOf('a'), () => 'before', {});
  const change = changeProxyFiles(
    server,
    [
      { file: fileOf('a'), textOf: () => 'after' },
      { file: fileOf('b'), textOf: () => 'bad' },
    ],
    {},
  );
  await expect(change).rejects.toMatchObject({
    code: 'proxy_refused',
    message: expect.stringContaining('/clients/b'),
  });
  expect(texts()).toEqual({ a: 'before' });
});

test('a broken file of somebody else is no fault of the change', async () => {
  const { server, letGo, texts } = await proxyServer();
  letGo();
  await server.files.writeAtomic('clients/other', 'bad', { mode: 0o644 });
  expect(await outcomeOf(changeProxy(server, fileOf('a'), () => 'good', {}))).toBe('proxy_broken');
  expect(texts()).toEqual({ other: 'bad' });
});

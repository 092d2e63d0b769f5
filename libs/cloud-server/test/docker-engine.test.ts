import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, type DockerEngine } from '@alfa-cloud/testing';
import type { CloudServer } from '../src/index.ts';
import { plainSpec as spec } from './plain-spec.ts';
import { targets, type Target } from './targets.ts';

const name = 'alfa-x';

describe.each(targets)('%s', (_, start) => {
  let target: Target;
  let engine: DockerEngine;
  let server: CloudServer;

  beforeAll(async () => {
    target = await start({ docker: true });
    ({ engine, server } = target);
    await server.docker.createContainer(name, spec);
    await server.docker.startContainer(name);
  }, 300_000);

  afterAll(() => target?.dispose());

  describe('commands in a container', () => {
    test('read their whole input and know its end', async () => {
      const stdin = 'ü'.repeat(300_000);
      const result = await server.docker.exec(name, { argv: ['wc', '-c'], stdin });
      expect(result).toMatchObject({ exitCode: 0, stdout: '600000\n' });
    });

    test('give both streams and their exit code', async () => {
      const argv = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
      const seen: string[] = [];
      const result = await server.docker.exec(name, { argv, onOutput: (text) => seen.push(text) });
      expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: false });
      expect(seen.join('').split('\n').sort()).toEqual(['', 'err', 'out']);
    });

    test('get their words as they are', async () => {
      const word = `a 'b' "c" $HOME \`id\` \\ ; *`;
      const result = await server.docker.exec(name, { argv: ['printf', '%s', word], env: { X: 'y' } });
      expect(result.stdout).toBe(word);
    });

    test('that do not read their input end all the same', async () => {
      const result = await server.docker.exec(name, { argv: ['true'], stdin: 'x'.repeat(1_000_000) });
      expect(result.exitCode).toBe(0);
    });

    test('of whose output only the end fits are kept by it', async () => {
      const result = await server.docker.exec(name, { argv: ['seq', '1', '100000'], outputMax: 100 });
      expect(result.truncated).toBe(true);
      expect(result.stdout).toHaveLength(100);
      expect(result.stdout.endsWith('100000\n')).toBe(true);
    });

    test('that were given up are still seen running', async () => {
      const argv = ['sleep', '200'];
      // Long enough for the command to have been started.
      await expect(server.docker.exec(name, { argv }, { deadlineMs: 2000 })).rejects.toMatchObject({
        kind: 'transient',
        code: 'deadline_exceeded',
      });
      expect(await server.docker.runningCommands(name)).toContainEqual(argv);
    });

    test('end with the reason of the signal that was aborted', async () => {
      const controller = new AbortController();
      const running = server.docker.exec(name, { argv: ['sleep', '300'] }, { signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
    });

    test('need a container that is there and runs', async () => {
      await expect(server.docker.exec('alfa-none', { argv: ['true'] })).rejects.toMatchObject({
        code: 'not_found',
      });
      await server.docker.createContainer('alfa-still', spec);
      await expect(server.docker.exec('alfa-still', { argv: ['true'] })).rejects.toMatchObject({
        kind: 'transient',
        code: 'not_running',
      });
      await server.docker.removeContainer('alfa-still');
    });
  });

  describe('things', () => {
    test('are null when absent, and removed twice without a word', async () => {
      const { docker } = server;
      expect(await docker.container('alfa-none')).toBe(null);
      expect(await docker.volume('alfa-none')).toBe(null);
      expect(await docker.network('alfa-none')).toBe(null);
      expect(await docker.image('alfa/none:1')).toBe(null);
      await docker.removeContainer('alfa-none');
      await docker.removeVolume('alfa-none');
      await docker.removeNetwork('alfa-none');
      expect(await docker.lastLines('alfa-none', 5)).toBe('');
    });

    test('carry their labels', async () => {
      const { docker } = server;
      await docker.createVolume('alfa-v', { a: '1' });
      await docker.createNetwork('alfa-n', { labels: { b: '2' } });
      expect(await docker.volume('alfa-v')).toEqual({ name: 'alfa-v', labels: { a: '1' } });
      expect(await docker.network('alfa-n')).toMatchObject({ name: 'alfa-n', labels: { b: '2' } });
      const again = docker.createNetwork('alfa-n', { labels: {} });
      await expect(again).rejects.toMatchObject({ code: 'name_in_use' });
      const found = await docker.inventory();
      expect(found.containers).toContainEqual({ name, labels: expect.objectContaining(spec.labels) });
      await docker.removeVolume('alfa-v');
      await docker.removeNetwork('alfa-n');
      expect(await docker.volume('alfa-v')).toBe(null);
    });

    test('images have names that come and go, and go with the last one unless a container is made from them', async () => {
      const { docker } = engine;
      const { docker: port } = server;
      const built = await docker.createContainer({ Image: 'alfa/nginx:1' });
      await built.commit({ repo: 'alfa/named', tag: 'a', changes: 'LABEL named=1' });
      await built.remove();
      const { id } = (await port.image('alfa/named:a')) ?? { id: '' };
      const ended = new AbortController();
      let told = 0;
      let following = Promise.resolve();
      await new Promise<void>((open) => {
        const { signal } = ended;
        const nothing = () => undefined;
        following = port.followEvents({
          labels: [],
          signal,
          onOpen: open,
          onEvent: nothing,
          onImage: () => (told += 1),
        });
      });
      await port.tagImage(id, { repository: 'alfa-keep/x', tag: 'previous' });
      await eventually('the name to be told of', () => told > 0);
      ended.abort();
      await following;
      await port.untagImage('alfa/named:a');
      expect(await port.image('alfa/named:a')).toBeNull();
      expect((await port.image('alfa-keep/x:previous'))?.id).toBe(id);
      await port.createContainer('alfa-named', { ...spec, image: id });
      await port.untagImage('alfa-keep/x:previous');
      expect((await port.image('alfa-keep/x:previous'))?.id).toBe(id);
      await port.startContainer('alfa-named');
      await port.untagImage('alfa-keep/x:previous', { evenIfUsed: true });
      expect(await port.image('alfa-keep/x:previous')).toBeNull();
      expect((await port.container('alfa-named'))?.imageId).toBe(id);
      expect((await port.image(id))?.id).toBe(id);
      await port.tagImage(id, { repository: 'alfa-keep/x', tag: 'previous' });
      await port.removeContainer('alfa-named');
      await port.untagImage('alfa-keep/x:previous');
      await port.untagImage('alfa-keep/x:previous');
      expect(await port.image(id)).toBeNull();
      const gone = port.tagImage(id, { repository: 'alfa-keep/x', tag: 'previous' });
      await expect(gone).rejects.toMatchObject({ code: 'not_found' });
    });

    test('can not be made twice under one name', async () => {
      await expect(server.docker.createContainer(name, spec)).rejects.toMatchObject({
        kind: 'final',
        code: 'name_in_use',
      });
      await server.docker.startContainer(name);
      expect(await server.docker.lastLines(name, 3)).not.toBe('');
    });
  });

  describe('networks', () => {
    const containers = ['alfa-one', 'alfa-two'];
    const networks = ['alfa-n1', 'alfa-n2', 'alfa-n3'];
    afterEach(async () => {
      for (const each of containers) await server.docker.removeContainer(each);
      for (const each of networks) await server.docker.removeNetwork(each);
    });

    test('have the addresses that they were given, and no two have the same', async () => {
      const { docker } = server;
      const subnet = '10.199.7.16/28';
      await docker.createNetwork('alfa-n1', { labels: {}, subnet, internal: true });
      const made = { name: 'alfa-n1', labels: {}, subnets: [subnet], internal: true };
      expect(await docker.network('alfa-n1')).toEqual(made);
      expect(await docker.networks()).toContainEqual(made);
      for (const taken of [subnet, '10.199.7.0/27', '10.199.7.24/29']) {
        const second = docker.createNetwork('alfa-n2', { labels: {}, subnet: taken });
        await expect(second).rejects.toMatchObject({ kind: 'final', code: 'subnet_in_use' });
      }
      await docker.createNetwork('alfa-n2', { labels: {}, subnet: '10.199.7.32/28' });
    });

    test('take running and stopped containers, and let go of them', async () => {
      const { docker } = server;
      for (const each of networks) await docker.createNetwork(each, { labels: {} });
      const still = { ...spec, argv: ['sleep', '600'], restart: 'no' as const };
      await docker.createContainer('alfa-one', { ...still, network: 'alfa-n1' });
      await docker.createContainer('alfa-two', { ...still, network: 'alfa-n2' });
      await docker.startContainer('alfa-one');
      await docker.connectNetwork('alfa-n2', 'alfa-one', { aliases: ['first.alfa'] });
      await docker.connectNetwork('alfa-n2', 'alfa-one');
      await docker.connectNetwork('alfa-n3', 'alfa-two');
      await docker.connectNetwork('alfa-n3', 'alfa-two');
      await docker.startContainer('alfa-two');
      const asked = await docker.exec('alfa-two', { argv: ['getent', 'hosts', 'first.alfa'] });
      expect(asked.exitCode).toBe(0);
      const attached = await docker.inspectContainer('alfa-one');
      expect(attached?.configuration.networks).toEqual({
        'alfa-n1': { aliases: expect.anything() },
        'alfa-n2': { aliases: expect.arrayContaining(['first.alfa']) },
      });
      await docker.disconnectNetwork('alfa-n2', 'alfa-one');
      await docker.disconnectNetwork('alfa-n2', 'alfa-one');
      await engine.docker.getContainer('alfa-two').kill();
      await docker.waitContainer('alfa-two');
      await docker.disconnectNetwork('alfa-n3', 'alfa-two');
      await docker.removeNetwork('alfa-n3');
      await docker.startContainer('alfa-two');
      await docker.disconnectNetwork('alfa-none', 'alfa-two');
      await docker.disconnectNetwork('alfa-n1', 'alfa-none');
      const absent = docker.connectNetwork('alfa-none', 'alfa-two');
      await expect(absent).rejects.toMatchObject({ kind: 'final', code: 'not_found' });
      const inUse = docker.removeNetwork('alfa-n2');
      await expect(inUse).rejects.toMatchObject({ kind: 'final', code: 'docker_refused' });
    });
  });

  describe('an engine that goes away', () => {
    test('is noticed by those who follow', async () => {
      const opened = Promise.withResolvers<void>();
      const following = server.docker.followEvents({
        labels: [],
        signal: new AbortController().signal,
        onOpen: opened.resolve,
        onEvent: () => undefined,
      });
      const failure = following.then(
        () => null,
        (error: unknown) => error,
      );
      await opened.promise;
      await engine.kill();
      expect(await failure).toMatchObject({ kind: 'transient', code: 'docker_unreachable' });
      await engine.start();
    });

    test('while a command runs is a transient failure, and its containers come back', async () => {
      const running = server.docker.exec(name, { argv: ['sleep', '600'] });
      const failure = running.then(
        () => null,
        (error: unknown) => error,
      );
      await eventually('the command', async () =>
        (await server.docker.runningCommands(name)).some(([, seconds]) => seconds === '600'),
      );
      await engine.kill();
      expect(await failure).toMatchObject({ kind: 'transient' });
      await expect(server.docker.ping()).rejects.toMatchObject({
        kind: 'transient',
        code: 'docker_unreachable',
      });
      await engine.start();
      await server.docker.ping();
      expect((await server.docker.container(name))?.status).toBe('running');
    });
  });
});

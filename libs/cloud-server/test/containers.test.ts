import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, type DockerEngine } from '@alfa-cloud/testing';
import { containerDifferences, type CloudServer, type ContainerSpec } from '../src/index.ts';
import { plainSpec as spec } from './plain-spec.ts';
import { targets, type Target } from './targets.ts';

describe.each(targets)('%s', (_, start) => {
  let target: Target;
  let engine: DockerEngine;
  let server: CloudServer;

  beforeAll(async () => {
    target = await start({ docker: true });
    ({ engine, server } = target);
  }, 300_000);

  afterAll(() => target?.dispose());

  describe('containers', () => {
    const made: string[] = [];
    afterEach(async () => {
      for (const each of made.splice(0)) await server.docker.removeContainer(each);
    });
    const make = async (containerName: string, more: Partial<ContainerSpec> = {}) => {
      made.push(containerName);
      await server.docker.createContainer(containerName, { ...spec, restart: 'no', ...more });
      await server.docker.startContainer(containerName);
    };

    test('run a program of their own and are waited for', async () => {
      await make('alfa-once', { argv: ['sh', '-c', 'echo "$0 $1" && exit 3', 'a b', '$HOME'] });
      expect(await server.docker.waitContainer('alfa-once')).toEqual({ exitCode: 3 });
      expect(await server.docker.waitContainer('alfa-once')).toEqual({ exitCode: 3 });
      expect(await server.docker.lastLines('alfa-once', 5)).toBe('a b $HOME\n');
      await expect(server.docker.waitContainer('alfa-none')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('that were just made have no difference, and each change from outside is one', async () => {
      const { docker } = server;
      await docker.createNetwork('alfa-names', { labels: {} });
      await docker.createVolume('alfa-volume', {});
      try {
        const full: ContainerSpec = {
          ...spec,
          restart: 'no',
          env: { A: 'b=c', EMPTY: '' },
          network: 'alfa-names',
          furtherNetworks: ['bridge'],
          aliases: ['0-1.alfa'],
          argv: ['sleep', '600'],
          mounts: [
            { kind: 'volume', volume: 'alfa-volume', target: '/data' },
            { kind: 'bind', source: '/tmp', target: '/there', readOnly: true },
          ],
          ports: [{ containerPort: 80, hostPort: 18_099 }],
          limits: { memoryMb: 128, cpus: 0.5, pids: 64 },
          capabilities: { drop: ['ALL'], add: ['KILL', 'CHOWN'] },
        };
        const { network: _, aliases: __, furtherNetworks: ___, ...more } = full;
        await make('alfa-full', { ...more, network: 'alfa-names', aliases: ['0-1.alfa'] });
        await docker.connectNetwork('bridge', 'alfa-full');
        await make('alfa-plain');
        const differences = async (name: string, wanted: ContainerSpec) => {
          const [found, image] = await Promise.all([docker.inspectContainer(name), docker.image(spec.image)]);
          if (found === null || image === null) throw new Error(`${name} is not there`);
          return containerDifferences(wanted, image, found);
        };
        expect(await differences('alfa-full', full)).toEqual([]);
        expect(await differences('alfa-plain', { ...spec, restart: 'no' })).toEqual([]);
        await docker.disconnectNetwork('alfa-names', 'alfa-full');
        await docker.connectNetwork('alfa-names', 'alfa-full');
        await docker.disconnectNetwork('bridge', 'alfa-full');
        await engine.docker.getContainer('alfa-full').update({ Memory: 2 ** 28, MemorySwap: 2 ** 28 });
        await engine.docker.getContainer('alfa-full').update({ RestartPolicy: { Name: 'always' } });
        const changed = ['networks', 'aliases', 'limits', 'limits', 'restart'];
        expect((await differences('alfa-full', full)).map(({ part }) => part)).toEqual(changed);
      } finally {
        for (const each of made.splice(0)) await docker.removeContainer(each);
        await docker.removeNetwork('alfa-names');
        await docker.removeVolume('alfa-volume');
      }
    });

    test('get another name, and their aliases stay', async () => {
      const { docker } = server;
      await docker.createNetwork('alfa-names', { labels: {} });
      try {
        await make('alfa-old', { network: 'alfa-names', aliases: ['0-1.alfa'], argv: ['sleep', '600'] });
        await make('alfa-asking', { network: 'alfa-names', argv: ['sleep', '600'] });
        made.push('alfa-new');
        await docker.renameContainer('alfa-old', 'alfa-new');
        await docker.renameContainer('alfa-new', 'alfa-new');
        expect(await docker.container('alfa-old')).toBe(null);
        for (const host of ['0-1.alfa', 'alfa-new']) {
          const found = await docker.exec('alfa-asking', { argv: ['getent', 'hosts', host] });
          expect({ host, exitCode: found.exitCode }).toEqual({ host, exitCode: 0 });
        }
        const taken = docker.renameContainer('alfa-asking', 'alfa-new');
        await expect(taken).rejects.toMatchObject({ kind: 'final', code: 'name_in_use' });
        const absent = docker.renameContainer('alfa-old', 'alfa-other');
        await expect(absent).rejects.toMatchObject({ kind: 'final', code: 'not_found' });
      } finally {
        for (const each of made.splice(0)) await docker.removeContainer(each);
        await docker.removeNetwork('alfa-names');
      }
    });

    test('give their lines with the time of each, once', async () => {
      const { docker } = server;
      const long = 'x'.repeat(40_000);
      const words = `echo one; echo two >&2; echo ${long}; echo`;
      await make('alfa-lines', { argv: ['sh', '-c', words] });
      await docker.waitContainer('alfa-lines');
      const all = (await docker.outputLines('alfa-lines', { tail: 10 })) ?? [];
      expect(all.map(({ text }) => text).sort()).toEqual(['', 'one', 'two', long]);
      for (const { at } of all) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      const after = all[1]?.at ?? '';
      expect(await docker.outputLines('alfa-lines', { tail: 10, after })).toEqual(all.slice(2));
      expect(await docker.outputLines('alfa-lines', { tail: 1 })).toEqual(all.slice(-1));
      expect(await docker.outputLines('alfa-none', { tail: 1 })).toBe(null);
    });

    test('are told of while somebody follows', async () => {
      const { docker } = server;
      const happened: string[] = [];
      const done = new AbortController();
      const opened = Promise.withResolvers<void>();
      const following = docker.followEvents({
        labels: ['x=1'],
        signal: done.signal,
        onOpen: opened.resolve,
        onEvent: ({ action, name: who, labels, network = '' }) =>
          happened.push(`${action} ${who} ${labels['y'] ?? ''} ${network}`.trim()),
      });
      await opened.promise;
      await make('alfa-unmarked', { argv: ['true'] });
      await make('alfa-marked', { argv: ['sh', '-c', 'exit 3'], labels: { x: '1', y: '2' } });
      await eventually('the end of the container', () => happened.includes('die alfa-marked 2'));
      expect(happened.filter((each) => !each.includes('connect'))).toEqual([
        'start alfa-marked 2',
        'die alfa-marked 2',
      ]);
      await docker.createNetwork('alfa-names', { labels: {} });
      try {
        await docker.connectNetwork('alfa-names', 'alfa-marked');
        await docker.startContainer('alfa-marked');
        await eventually('its network', () => happened.includes('connect alfa-marked 2 alfa-names'));
      } finally {
        for (const each of made.splice(0)) await docker.removeContainer(each);
        await docker.removeNetwork('alfa-names');
      }
      done.abort(new Error('enough'));
      expect(await following).toBe(undefined);
    });
  });
});

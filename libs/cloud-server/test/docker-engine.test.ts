import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startDockerEngine, type DockerEngine } from '@alfa-cloud/testing';
import {
  connectLocalServer,
  containerDifferences,
  type CloudServer,
  type ContainerSpec,
} from '../src/index.ts';

const spec: ContainerSpec = {
  image: 'alfa/nginx:1',
  env: {},
  labels: { 'cloud.alfa.managed': 'true' },
  network: 'bridge',
  mounts: [],
  ports: [],
  noNewPrivileges: true,
  capabilities: { drop: [], add: [] },
  restart: 'always',
  log: { maxSizeMb: 1, maxFiles: 1 },
};
const name = 'alfa-x';

let engine: DockerEngine;
let server: CloudServer;

beforeAll(async () => {
  engine = await startDockerEngine();
  server = connectLocalServer({ socketPath: engine.socketPath, root: '/nonexistent/alfa' });
  await server.docker.createContainer(name, spec);
  await server.docker.startContainer(name);
}, 300_000);

afterAll(async () => {
  await server?.close();
  await engine?.dispose();
}, 60_000);

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
    const argv = ['sleep', '20'];
    await expect(server.docker.exec(name, { argv }, { deadlineMs: 300 })).rejects.toMatchObject({
      kind: 'transient',
      code: 'deadline_exceeded',
    });
    expect(await server.docker.runningCommands(name)).toContainEqual(argv);
  });

  test('end with the reason of the signal that was aborted', async () => {
    const controller = new AbortController();
    const running = server.docker.exec(name, { argv: ['sleep', '20'] }, { signal: controller.signal });
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
  }, 60_000);
});

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
  }, 60_000);

  test('while a command runs is a transient failure, and its containers come back', async () => {
    const running = server.docker.exec(name, { argv: ['sleep', '60'] });
    const failure = running.then(
      () => null,
      (error: unknown) => error,
    );
    await new Promise<void>((resolve) => {
      const look = async () =>
        (await server.docker.runningCommands(name)).some(([, seconds]) => seconds === '60')
          ? resolve()
          : void look();
      void look();
    });
    await engine.kill();
    expect(await failure).toMatchObject({ kind: 'transient' });
    await expect(server.docker.ping()).rejects.toMatchObject({
      kind: 'transient',
      code: 'docker_unreachable',
    });
    await engine.start();
    await server.docker.ping();
    expect((await server.docker.container(name))?.status).toBe('running');
  }, 60_000);
});

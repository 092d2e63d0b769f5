import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { isAlive, processIds, commandLine } from '../src/child-process.ts';
import type { DockerEngine } from '../src/index.ts';
import { ensureImages, eventually, rigImages, startDockerEngine } from '../src/index.ts';

const startNginx = async ({ docker }: DockerEngine, restart: string) => {
  const container = await docker.createContainer({
    Image: rigImages.proxy,
    name: `nginx-${restart}`,
    HostConfig: { RestartPolicy: { Name: restart } },
  });
  await container.start();
  return container;
};
const isRunning = async (container: Awaited<ReturnType<typeof startNginx>>) =>
  (await container.inspect()).State.Running;

describe('a Docker Engine of the rig', () => {
  it('has the images, and finds that it has them', async () => {
    await using engine = await startDockerEngine();
    const lines: string[] = [];
    await ensureImages({ socketPath: engine.socketPath, log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
    const { Config } = await engine.docker.getImage(rigImages.clientNext).inspect();
    expect(Config.Labels).toMatchObject({
      'cloud.alfa.image': 'client',
      'org.opencontainers.image.version': '2',
    });
    expect(engine.socketPath.length).toBeLessThan(100);
  }, 120_000);

  it('goes through a kill, a power cut and a stop, and its containers come back', async () => {
    await using engine = await startDockerEngine();
    const container = await startNginx(engine, 'unless-stopped');

    await engine.powerOff();
    await engine.start();
    await eventually('the container after the power cut', () => isRunning(container));

    await engine.stop();
    expect(engine.pid).toBeUndefined();
    await engine.start();
    await eventually('the container after the stop', () => isRunning(container));

    const { Id } = await container.inspect();
    await engine.kill();
    // Its shim lives on, and so does what runs in it, until a new dockerd looks after them.
    expect(await commandLinesWith(Id)).toHaveLength(1);
    await engine.start();
    expect((await container.inspect()).Id).toBe(Id);
    await container.start().catch(() => {});
    await eventually('the container to run again', () => isRunning(container));
  }, 60_000);

  it('stands beside another one, and neither sees the other', async () => {
    await using first = await startDockerEngine();
    await using second = await startDockerEngine();
    await startNginx(first, 'no');
    expect(await first.docker.listContainers()).toHaveLength(1);
    expect(await second.docker.listContainers()).toHaveLength(0);
  }, 120_000);

  it('leaves nothing behind, even when dockerd was killed', async () => {
    // Others take low places, as soon as they are free.
    const options = { firstSlot: 16 };
    const engine = await startDockerEngine(options);
    const { id } = await engine.docker.createNetwork({ Name: 'left' });
    const container = await startNginx(engine, 'always');
    const { Id } = await container.inspect();
    const runFolder = engine.socketPath.replace('/docker.sock', '');
    const bridges = [`alfa-rig${basename(runFolder)}`, `br-${id.slice(0, 12)}`];
    expect(await readdir('/sys/class/net')).toEqual(expect.arrayContaining(bridges));
    const { pid } = engine;
    await engine.kill();
    await engine.dispose();
    expect(pid !== undefined && (await isAlive(pid))).toBe(false);
    expect(await commandLinesWith(Id)).toEqual([]);
    expect(await commandLinesWith(runFolder)).toEqual([]);
    expect(await readFile('/proc/mounts', 'utf8')).not.toContain(runFolder);
    expect(existsSync(runFolder)).toBe(false);
    expect((await readdir('/sys/class/net')).filter((name) => bridges.includes(name))).toEqual([]);
    expect(await controlGroupsWith(Id)).toEqual([]);

    await using next = await startDockerEngine(options);
    expect(next.socketPath).toBe(engine.socketPath);
    expect(await next.docker.listContainers({ all: true })).toEqual([]);
    expect((await next.docker.listNetworks()).map(({ Name }) => Name).sort()).toEqual([
      'bridge',
      'host',
      'none',
    ]);
  }, 120_000);
});

async function commandLinesWith(part: string): Promise<string[]> {
  const lines = await Promise.all((await processIds()).map(commandLine));
  return lines.filter((line) => line.includes(part));
}

async function controlGroupsWith(part: string): Promise<string[]> {
  const found: string[] = [];
  for (const controller of await readdir('/sys/fs/cgroup')) {
    const groups = await readdir(`/sys/fs/cgroup/${controller}`, { recursive: true }).catch(() => []);
    found.push(...groups.filter((group) => group.includes(part)));
  }
  return found;
}

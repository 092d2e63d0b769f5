import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import { plainSpec } from './plain-spec.ts';
import { targets, type Target } from './targets.ts';

const name = 'alfa-measured';
const mebibyte = 1024 ** 2;

describe.each(targets)('%s', (_, start) => {
  let target: Target;

  beforeAll(async () => {
    target = await start({ docker: true });
    const { docker } = target.server;
    await docker.createVolume('alfa-measured', {});
    await docker.createContainer(name, {
      ...plainSpec,
      argv: ['sh', '-c', 'head -c 3000000 /dev/zero >/data/file; while :; do :; done'],
      mounts: [{ kind: 'volume', volume: 'alfa-measured', target: '/data' }],
    });
    await docker.startContainer(name);
    // From then on its memory is that of a loop.
    await eventually('the file to lie in the volume', async () => {
      const sizes = await docker.volumeSizes();
      return (sizes.find((one) => one.name === 'alfa-measured')?.bytes ?? 0) >= 3_000_000;
    });
  }, 300_000);

  afterAll(() => target?.dispose());

  test('a server tells everything in one go', async () => {
    const { containers, clockOffsetMs, devices: _devices, ...rest } = await target.server.measure();
    expect(Object.entries(rest).filter(([, value]) => value === null)).toEqual([]);
    // Both have the one clock; when the question was sent is known a moment late where there is much else to do.
    expect(Math.abs(clockOffsetMs ?? Infinity)).toBeLessThan(1000 + (rest.clockUncertaintyMs ?? 0));
    expect(rest.memoryUsedBytes).toBeLessThan(rest.memoryTotalBytes ?? 0);
    const { id } = (await target.server.docker.container(name)) ?? { id: 'none' };
    expect(containers?.map((one) => one.id)).toContain(id);
  });

  test('what a container uses is the same by its control group as by the engine', async () => {
    const { server } = target;
    const { id } = (await server.docker.container(name)) ?? { id: 'none' };
    const seen = async () => (await server.measure()).containers?.find((one) => one.id === id);
    const first = await seen();
    const told = await server.docker.containerUsage(id);
    await eventually('the container to have worked on', async () => {
      const now = await seen();
      return (now?.cpuMs ?? 0) > (told?.cpuMs ?? Infinity);
    });
    expect(told?.id).toBe(id);
    expect(told?.cpuMs ?? 0).toBeGreaterThanOrEqual(first?.cpuMs ?? Infinity);
    expect(Math.abs((told?.memoryBytes ?? Infinity) - (first?.memoryBytes ?? 0))).toBeLessThan(mebibyte);
    expect(first?.interfaces?.map((one) => one.name)).toEqual(['eth0']);
    expect(told?.interfaces?.map((one) => one.name)).toEqual(['eth0']);
  });

  test('containers are listed with their state, and volumes measured', async () => {
    const { docker } = target.server;
    const listed = await docker.listContainers();
    expect(listed.find((one) => one.name === name)).toMatchObject({ status: 'running' });
    expect(await docker.containerUsage('alfa-none')).toBeNull();
  });
});

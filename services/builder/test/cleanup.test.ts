import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectLocalServer, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  startDockerEngine,
  temporaryDirectory,
  type DockerEngine,
  type TemporaryDirectory,
} from '@alfa-cloud/testing';
import { pack } from 'tar-stream';
import { lookAt } from '../src/cleanup/found.ts';
import { planCleanup } from '../src/cleanup/plan.ts';
import { removeAll } from '../src/cleanup/remove.ts';
import type { Needs } from '../src/cleanup/needs.ts';
import { inOne, labelsOfBuild, tagsOf, workName } from '../src/image/image-tags.ts';

let place: TemporaryDirectory;
let engine: DockerEngine;
let cloud: CloudServer;

beforeAll(async () => {
  place = await temporaryDirectory('alfa-cleanup-');
  engine = await startDockerEngine();
  cloud = connectLocalServer({ socketPath: engine.socketPath, root: join(place.path, 'root') });
}, 180_000);
afterAll(async () => {
  await cloud?.close();
  await engine?.dispose();
  await place?.remove();
});

const { signal } = new AbortController();
const output: string[] = [];
const io = { signal, output: (text: string) => void output.push(text) };
const megabyte = 1_000_000;

const build = async (name: { repository: string; tag: string }, from: string, size: number, labels = {}) => {
  const context = pack();
  const text = `FROM ${from}\nUSER 0\nWORKDIR /made\nCOPY data /made/\nRUN true\nCMD ["x"]\n`;
  context.entry({ name: 'Dockerfile' }, text, () =>
    context.entry({ name: 'data' }, Buffer.alloc(size * megabyte, name.tag), () => context.finalize()),
  );
  const { imageId } = await cloud.docker.buildImage(context, { name, dockerfile: 'Dockerfile', labels });
  return imageId;
};

/** As a build of ours does it on that day: built, and named once it has passed. */
const ours = async (number: number, size: number) => {
  const commit = { sha: String(number).padStart(40, '0'), branch: 'dev' };
  const startedAt = `2026-11-0${number}T00:00:00.000Z`;
  const labels = labelsOfBuild(commit, { operationId: `build-${number}`, startedAt });
  const { tag } = tagsOf(commit, startedAt);
  const kept = workName(`build-${number}`);
  const imageId = await build(kept, 'alfa/client:1', size, labels);
  await cloud.docker.tagImage(imageId, { repository: 'alfa', tag });
  await cloud.docker.untagImage(inOne(kept));
  return { imageId, name: `alfa:${tag}` };
};

/** What all layers take, by the engine's own account. */
const layersBytes = async (): Promise<number> =>
  ((await engine.docker.df()) as { LayersSize: number }).LayersSize;

test('what goes frees as many bytes as was told, and nothing goes that is not ours', async () => {
  const images = [await ours(1, 1), await ours(2, 2), await ours(3, 3), await ours(4, 4), await ours(5, 5)];
  const [first, second, third, fourth, fifth] = images.map(({ imageId }) => imageId);
  await engine.docker.createContainer({ name: 'stopped', Image: first ?? '', Cmd: ['true'] });
  await cloud.docker.tagImage(second ?? '', { repository: 'shop', tag: 'good' });
  const theirs = await build({ repository: 'shop', tag: 'own' }, images[4]?.name ?? '', 1);
  await engine.docker.getImage('shop:own').tag({ repo: 'shop', tag: 'moved' });
  // Somebody's image without a name, which has the labels of ours since it is built upon one.
  const nameless = await build({ repository: 'shop', tag: 'own' }, images[4]?.name ?? '', 2);
  await build({ repository: 'shop', tag: 'own' }, 'alfa/client:1', 1);
  const before = await cloud.docker.images();

  const needs: Needs = {
    clients: [],
    operations: [],
    builds: new Set([1, 2, 3, 4, 5].map((number) => `build-${number}`)),
    running: [],
    repositories: new Set(['alfa']),
  };
  const plan = planCleanup(await lookAt(cloud, signal), needs, { serverId: 'server', keep: 1 });
  expect(new Map(plan.remove.map(({ image: { id }, freesBytes }) => [id, freesBytes]))).toEqual(
    new Map([
      [third, 3 * megabyte],
      [fourth, 4 * megabyte],
    ]),
  );
  const codes = new Map(plan.kept.map(({ image: { id }, reasons }) => [id, reasons.map(({ code }) => code)]));
  expect([first, second, fifth, theirs, nameless].map((id) => codes.get(id ?? ''))).toEqual([
    ['container'],
    ['foreign_name'],
    ['newest'],
    ['not_ours'],
    ['not_ours'],
  ]);

  const usedBefore = await layersBytes();
  const removed = await removeAll(cloud, plan, io);
  expect({ ...removed, images: removed.images.length }).toEqual({
    images: 2,
    leftovers: 0,
    freedBytes: usedBefore - (await layersBytes()),
  });
  expect(removed.freedBytes).toBe(7 * megabyte);
  const stay = before.filter(({ id }) => id !== third && id !== fourth).map(({ id }) => id);
  expect((await cloud.docker.images()).map(({ id }) => id).toSorted()).toEqual(stay.toSorted());
}, 180_000);

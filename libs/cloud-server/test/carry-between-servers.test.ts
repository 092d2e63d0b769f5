import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, startFarm, temporaryDirectory, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { pack } from 'tar-stream';
import { connectSshServer, createImageCarrier, type ImageFacts, type SshCloudServer } from '../src/index.ts';
import { digestOf } from '../src/images/digest.ts';
import { writeArchive } from '../src/images/write-archive.ts';

let farm: Farm;
let machines: [FarmServer, FarmServer];
let from: SshCloudServer;
let to: SshCloudServer;

const connect = (machine: FarmServer): SshCloudServer =>
  connectSshServer({
    host: machine.address,
    username: 'alfa',
    credentials: async () => farm.keys.ed25519,
    root: machine.root,
  });

beforeAll(async () => {
  farm = await startFarm([{ docker: 'bare' }, { docker: 'bare' }]);
  machines = farm.servers as unknown as [FarmServer, FarmServer];
  from = connect(machines[0]);
  to = connect(machines[1]);
});
afterAll(async () => {
  await Promise.all([from?.close(), to?.close()]);
  await farm?.dispose();
});

/** Layers of one file each. */
const layersOf = async (sizes: readonly number[]): Promise<Map<string, Buffer>> => {
  const contents = new Map<string, Buffer>();
  for (const [index, size] of sizes.entries()) {
    const tar = pack();
    tar.entry({ name: `file-${index}` }, randomBytes(size), () => tar.finalize());
    const content = await buffer(tar);
    contents.set(digestOf(content), content);
  }
  return contents;
};

const load = async ({ docker }: SshCloudServer, contents: ReadonlyMap<string, Buffer>): Promise<string> => {
  const layers = [...contents.keys()];
  const facts = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers },
  };
  const config = Buffer.from(JSON.stringify(facts));
  const archive = writeArchive({ config, layers }, new Set(layers), async (layer) => {
    const content = contents.get(layer) ?? Buffer.alloc(0);
    return { bytes: content.length, content: Readable.from([content]) };
  });
  await docker.loadImage(archive);
  return digestOf(config);
};

test('an image goes from one server to another, only the missing layers, and again after the cable was cut in the middle', async () => {
  await using directory = await temporaryDirectory();
  const contents = await layersOf([4_000_000, 6_000_000]);
  const [base] = contents;
  const id = await load(from, contents);
  await load(to, new Map(base === undefined ? [] : [base]));
  const image = (await from.docker.image(id)) as ImageFacts;
  const carrier = createImageCarrier({ directory: directory.path, bytesMax: 1e9 });
  const phases = new Set<string>();
  let cut: Promise<void> | undefined;
  await machines[1].slowDown(8000);
  const carry = (cutAt: number) =>
    carrier.carry(
      { from: from.docker, to: to.docker, image },
      {
        signal: AbortSignal.timeout(150_000),
        deadlineMs: 150_000,
        onProgress({ phase, bytes }) {
          phases.add(phase);
          if (phase === 'sending' && bytes > cutAt) cut ??= machines[1].cutCable();
        },
      },
    );
  await expect(carry(1_000_000)).rejects.toMatchObject({ kind: 'transient' });
  await cut;
  await machines[1].mendCable();
  await machines[1].speedUp();
  expect([...phases]).toEqual(['reading', 'sending']);
  phases.clear();
  // The connection is made anew after a pause.
  await eventually('the server to answer', () => to.docker.ping().then(() => true), { timeoutMs: 60_000 });
  expect(await to.docker.image(id)).toBeNull();
  const carried = await carry(Number.POSITIVE_INFINITY);
  expect(carried).toMatchObject({ imageId: id, sharedLayers: 1 });
  expect(carried.bytesSent).toBeLessThan(7_000_000);
  expect([...phases]).toEqual(['sending']);
  expect((await to.docker.image(id))?.layers).toEqual(image.layers);
});

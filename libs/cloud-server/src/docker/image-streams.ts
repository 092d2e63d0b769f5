import { Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { message } from '@alfa-cloud/contracts';
import { errorMessage } from '@alfa-cloud/service-kit';
import type Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { call, getJson } from './call.ts';
import type { DockerEngine } from './docker-engine.ts';
import { withIdleLimit, type IdleLimit } from './idle-limit.ts';

const carryMs = 3_600_000;
const idleDefaultMs = 60_000;
/** Longest answer to an archive that is read, characters: a line for each image. */
const answerMax = 1_000_000;

/** The part of the port that carries whole images. */
export const imageStreamsOf = (docker: Docker): Pick<DockerEngine, 'saveImage' | 'loadImage'> => ({
  saveImage: (images, output, { idleMs = idleDefaultMs, ...options } = {}) =>
    call(message`read image ${images.join(', ')}`, { deadlineMs: carryMs, ...options }, (outer) =>
      withIdleLimit(idleMs, outer, (signal, limit) => save(docker, images, output, { signal, limit })),
    ),
  loadImage: (input, { idleMs = idleDefaultMs, ...options } = {}) =>
    call(message`load an image`, { deadlineMs: carryMs, ...options }, (outer) =>
      withIdleLimit(idleMs, outer, (signal, limit) => load(docker, input, { signal, limit })),
    ),
});

/** What the types of dockerode leave out. */
interface WithImages extends Docker {
  getImages(options: { names: string[]; abortSignal: AbortSignal }): Promise<NodeJS.ReadableStream>;
}

interface Io {
  signal: AbortSignal;
  limit: IdleLimit;
}

const save = async (
  docker: Docker,
  images: readonly string[],
  output: Writable,
  { signal, limit }: Io,
): Promise<void> => {
  try {
    // The engine answers an image that it lacks with various errors when it is to be saved.
    for (const image of images) await getJson(docker, `/images/${image}/json`, signal);
    const archive = await (docker as WithImages).getImages({ names: [...images], abortSignal: signal });
    await pipeline(archive, passing(limit), output, { signal });
  } catch (error) {
    // Whoever reads must not wait for more.
    output.destroy(error instanceof Error ? error : new Error(errorMessage(error)));
    throw error;
  }
};

const load = async (
  docker: Docker,
  input: Readable,
  { signal, limit }: Io,
): Promise<{ loaded: string[] }> => {
  const body = passing(limit);
  const fed = pipeline(input, body, { signal });
  // An engine that refuses answers before it has read all.
  fed.catch(() => undefined);
  // dockerode breaks the request off when its body ends with an error, so that the engine does not take a part for the whole.
  try {
    const answer = (await docker.loadImage(body, { quiet: true, abortSignal: signal })) as Readable;
    return { loaded: loadedOf(await textOf(answer)) };
  } finally {
    body.destroy();
    input.destroy();
  }
};

const passing = (limit: IdleLimit): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      limit.touch();
      done(null, chunk);
    },
    flush(done) {
      limit.lift();
      done();
    },
  });

const textOf = async (answer: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of answer) text = `${text}${String(chunk)}`.slice(-answerMax);
  return text;
};

/** The engine answers 200 before it knows, and tells in lines of JSON what came of it. */
const loadedOf = (answer: string): string[] => {
  const told = answer.split('\n').flatMap(parsed);
  const refusal = told.find(({ error }) => error !== undefined)?.error;
  if (refusal !== undefined) {
    const code = /no space left on device/i.test(refusal) ? 'disk_full' : 'docker_refused';
    throw new CloudServerError('final', code, message`Docker could not load an image: ${refusal}`);
  }
  return told.flatMap(({ stream = '' }) => {
    const [, name] = /^Loaded image(?: ID)?: (\S+)/.exec(stream) ?? [];
    return name === undefined ? [] : [name];
  });
};

const parsed = (line: string): { stream?: string; error?: string }[] => {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line) as { stream?: string; error?: string }];
  } catch {
    return [];
  }
};

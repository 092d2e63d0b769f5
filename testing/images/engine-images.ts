import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type Docker from 'dockerode';

/** The label that says from which inputs an image of the rig was built. */
export const inputsLabel = 'cloud.alfa.inputs';

/** The value of an image's inputs label, `undefined` when the engine does not have the image. */
export async function inputsOf(docker: Docker, tag: string): Promise<string | undefined> {
  const details = await docker
    .getImage(tag)
    .inspect()
    .catch(() => undefined);
  return details?.Config.Labels?.[inputsLabel];
}

/** Whether the engine has every one of the images, built from just these inputs. */
export async function hasImages(docker: Docker, tags: readonly string[], inputs: string): Promise<boolean> {
  const found = await Promise.all(tags.map((tag) => inputsOf(docker, tag)));
  return found.every((label) => label === inputs);
}

/** Builds a folder with a Dockerfile in it, or one Dockerfile of the folder when `dockerfile` names it. */
export async function buildImage(
  docker: Docker,
  {
    folder,
    files,
    dockerfile = 'Dockerfile',
    target,
    tag,
    inputs,
    buildArguments = {},
  }: {
    folder: string;
    /** What of the folder the engine gets, in paths relative to it; everything when absent. */
    files?: readonly string[];
    dockerfile?: string;
    /** Last stage to build; all when absent. */
    target?: string;
    tag: string;
    /** Remembered in the image's label; none when absent. */
    inputs?: string;
    buildArguments?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  // tar reads the list in either case, because writing to it would fail after tar has ended.
  const what = [
    ...(files === undefined ? [] : ['--no-recursion', '--verbatim-files-from']),
    '--files-from=-',
  ];
  const tar = spawn('tar', ['-C', folder, ...owner, '-cf', '-', ...what], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  tar.stdin.end((files ?? ['.']).join('\n'));
  const answer = await docker.buildImage(tar.stdout, {
    t: tag,
    dockerfile,
    ...(target === undefined ? {} : { target }),
    // Uses the host's network to reach the Debian mirror: the engine's own bridge may have no route to it.
    networkmode: 'host',
    rm: true,
    forcerm: true,
    ...(inputs === undefined ? {} : { labels: { [inputsLabel]: inputs } }),
    buildargs: { ...buildArguments },
  });
  await followed(docker, answer, `build of ${tag}`);
}

/** Turns the tar of a root file system into an image. */
export async function importRoot(
  docker: Docker,
  tarPath: string,
  repository: string,
  tag: string,
): Promise<void> {
  const answer = await docker.importImage(createReadStream(tarPath), { fromSrc: '-', repo: repository, tag });
  await followed(docker, answer, `import of ${repository}:${tag}`);
}

export async function saveImages(docker: Docker, tags: readonly string[], tarPath: string): Promise<void> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    docker.modem.dial(
      {
        path: '/images/get?',
        method: 'GET',
        options: { names: tags },
        isStream: true,
        statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
      },
      (error, body) => {
        if (error) reject(error);
        else resolve(body as NodeJS.ReadableStream);
      },
    );
  });
  await pipeline(stream, createWriteStream(tarPath));
}

export async function loadImages(docker: Docker, tarPath: string): Promise<void> {
  const answer = await docker.loadImage(createReadStream(tarPath), { quiet: true });
  await followed(docker, answer, `load of ${tarPath}`);
}

interface ProgressLine {
  readonly stream?: string;
  readonly error?: string;
}

/** The engine answers 200 and reports failures in the body, which is therefore read to the end. */
async function followed(docker: Docker, answer: NodeJS.ReadableStream, what: string): Promise<void> {
  const lines: string[] = [];
  let failure: string | undefined;
  await new Promise<void>((resolve, reject) => {
    const finish = (error: Error | null) => {
      const reason = error?.message ?? failure;
      if (reason === undefined) resolve();
      else reject(new Error(`${what}: ${reason}\n${lines.slice(-20).join('')}`));
    };
    docker.modem.followProgress(answer, finish, (line: ProgressLine) => {
      if (line.stream !== undefined) lines.push(line.stream);
      failure ??= line.error;
    });
  });
}

import type { CloudServerError } from '@alfa-cloud/cloud-server';
import { joined, message, wordsOf, type Message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';

interface Cause {
  code: string;
  kind: 'transient' | 'final';
  pattern: RegExp;
  /** What to do. */
  advice: Message;
}

/** What the engine's sentence about a failed build means; the first that fits. */
const causes: readonly Cause[] = [
  {
    code: 'build_needs_buildkit',
    kind: 'final',
    pattern: /requires? BuildKit|the --(?:mount|chmod|link) option requires/i,
    advice: message`The Dockerfile uses what only BuildKit can do (RUN --mount, COPY --chmod and the like): do without it`,
  },
  {
    code: 'dockerfile_invalid',
    kind: 'final',
    pattern: /dockerfile parse error|unknown instruction|no build stage in current context/i,
    advice: message`The Dockerfile can't be read: mend the line that is named`,
  },
  {
    code: 'copied_file_missing',
    kind: 'final',
    pattern: /(?:COPY|ADD) failed|file not found in build context|no source files were specified/i,
    advice: message`A file that is copied is not in the repository, or .dockerignore leaves it out`,
  },
  {
    code: 'base_image_missing',
    kind: 'final',
    pattern: /pull access denied|manifest unknown|manifest for .* not found|repository .* not found/i,
    advice: message`The image after FROM is neither on the server nor in its registry: load it there, or correct its name`,
  },
  {
    code: 'registry_unreachable',
    kind: 'transient',
    pattern: /dial tcp|no such host|i\/o timeout|TLS handshake|connection refused|toomanyrequests/i,
    advice: message`The registry of the image after FROM did not answer`,
  },
  {
    code: 'build_out_of_memory',
    kind: 'final',
    pattern: /returned a non-zero code: 137|out of memory|OOMKilled/i,
    advice: message`A command was ended, most likely for lack of memory: raise ALFA_BUILD_MEMORY_MB`,
  },
  {
    code: 'build_command_failed',
    kind: 'final',
    pattern: /returned a non-zero code: \d+/i,
    advice: message`A command of the Dockerfile failed: its output stands above`,
  },
];

/** The engine answers so to a Dockerfile that it can't read, and tells everything else in its output. */
const codesOfBuilds: readonly string[] = ['build_failed', 'docker_refused'];

/** A failure of the engine during a build, with what to do about it where the cause is known. */
export const buildFailure = (error: CloudServerError): StepFailure => {
  const known = codesOfBuilds.includes(error.code)
    ? causes.find(({ pattern }) => pattern.test(error.message))
    : undefined;
  const words = wordsOf(error);
  if (known === undefined) return new StepFailure(error.kind, error.code, words, { cause: error });
  return new StepFailure(known.kind, known.code, joined([known.advice, words], '. '), { cause: error });
};

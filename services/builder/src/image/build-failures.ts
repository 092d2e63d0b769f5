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
    pattern:
      /requires? BuildKit|the --(?:mount|chmod|link) option requires|Unknown flag: (?:link|parents|exclude|checksum)/i,
    advice: message`The Dockerfile uses what only BuildKit can do (RUN --mount, COPY --chmod and the like): do without it`,
  },
  {
    code: 'build_argument_missing',
    kind: 'final',
    pattern: /base name \(.*\) should not be blank/i,
    advice: message`The image after FROM is named by an argument without a value: give ARG a default, as builds get no arguments`,
  },
  {
    code: 'dockerfile_invalid',
    kind: 'final',
    pattern:
      /dockerfile parse error|failed to parse Dockerfile|unknown instruction|no build stage in current context|the destination must be a directory/i,
    advice: message`The Dockerfile can't be read: mend the line that is named`,
  },
  {
    code: 'dockerfile_missing',
    kind: 'final',
    pattern: /Cannot locate specified Dockerfile/i,
    advice: message`The Dockerfile is not where it was said to be: add it, or tell the path of yours by PUT /repository`,
  },
  {
    code: 'copied_stage_missing',
    kind: 'final',
    pattern: /invalid from flag value/i,
    advice: message`COPY --from names neither a stage of the Dockerfile nor an image that is there: mend its name`,
  },
  {
    code: 'download_failed',
    kind: 'transient',
    pattern: /ADD failed: (?:failed to GET|Get) /i,
    advice: message`What ADD shall download could not be had`,
  },
  {
    code: 'copied_file_outside',
    kind: 'final',
    pattern: /forbidden path outside the build context/i,
    advice: message`A file is copied from outside the repository: its path must lie below the root of it`,
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
    code: 'registry_refused',
    kind: 'final',
    pattern: /unauthorized: |no basic auth credentials|denied: requested access/i,
    advice: message`The registry of the image after FROM wants a login: load the image onto the server that builds`,
  },
  {
    code: 'registry_unreachable',
    kind: 'transient',
    pattern: /dial tcp|no such host|i\/o timeout|TLS handshake|connection refused|toomanyrequests/i,
    advice: message`The registry of the image after FROM did not answer`,
  },
  {
    code: 'build_user_missing',
    kind: 'final',
    pattern: /unable to find (?:user|group) /i,
    advice: message`The user or group that USER names is not in the image: make it there first`,
  },
  {
    code: 'build_program_missing',
    kind: 'final',
    pattern: /returned a non-zero code: 127|exec: ".*": (?:stat .*: no such file|executable file not found)/i,
    advice: message`A command of the Dockerfile starts a program that is not in the image: install it first, or mend its name`,
  },
];

/** What the last output of a command that has failed means; the first that fits. */
const commandCauses: readonly Cause[] = [
  {
    code: 'disk_full',
    kind: 'final',
    pattern: /No space left on device/i,
    advice: message`The disk of the server that builds is full: make room there (POST /servers/{id}/cleanup)`,
  },
  {
    code: 'build_network',
    kind: 'transient',
    pattern:
      /Temporary failure (?:in name resolution|resolving)|Could not resolve host|getaddrinfo|Network is unreachable|Connection timed out|Connection refused|No route to host|Failed to fetch/i,
    advice: message`A command of the Dockerfile did not reach a host: see its output for the name, and whether the server that builds gets there`,
  },
  {
    code: 'build_php_memory',
    kind: 'final',
    pattern: /Allowed memory size of \d+ bytes exhausted/i,
    advice: message`PHP's own limit of memory ended a command: raise it there (php -d memory_limit=…, or COMPOSER_MEMORY_LIMIT)`,
  },
  {
    code: 'build_package_missing',
    kind: 'final',
    pattern: /E: Unable to locate package|has no installation candidate/i,
    advice: message`A package has no such name in the lists of the image: run apt-get update before, or mend the name`,
  },
  {
    code: 'build_permission',
    kind: 'final',
    pattern: /Permission denied/i,
    advice: message`A command of the Dockerfile may not write where it does: the image after FROM ends as another user, so say USER root before it, and USER … again behind it`,
  },
];

const outOfMemory: Cause = {
  code: 'build_out_of_memory',
  kind: 'final',
  pattern: /returned a non-zero code: 137|out of memory|OOMKilled/i,
  advice: message`A command was ended, most likely for lack of memory: raise ALFA_BUILD_MEMORY_MB`,
};

const commandFailed: Cause = {
  code: 'build_command_failed',
  kind: 'final',
  pattern: /returned a non-zero code: \d+/i,
  advice: message`A command of the Dockerfile failed: its output stands above`,
};

const tookTooLong: Cause = {
  code: 'build_took_too_long',
  kind: 'final',
  pattern: /^/,
  advice: message`The build took longer than ALFA_BUILD_TIMEOUT_S allows: raise it, or let the Dockerfile do less`,
};

/** The engine answers so to a Dockerfile that it can't read or find, and tells everything else in its output. */
const codesOfBuilds: readonly string[] = ['build_failed', 'docker_refused', 'docker_failed'];

/** Characters of the output's end in which a command may say why it failed. */
export const tellingChars = 4000;

/**
 * A failure of the engine during a build, with what to do about it where the cause is known.
 * @param output what the build has printed, or the end of it
 */
export const buildFailure = (error: CloudServerError, output: string): StepFailure => {
  const known = causeOf(error, output.slice(-tellingChars));
  const words = wordsOf(error);
  if (known === undefined) return new StepFailure(error.kind, error.code, words, { cause: error });
  return new StepFailure(known.kind, known.code, joined([known.advice, words], '. '), { cause: error });
};

const causeOf = ({ code, message: sentence }: CloudServerError, output: string): Cause | undefined => {
  if (code === 'deadline_exceeded') return tookTooLong;
  if (!codesOfBuilds.includes(code)) return undefined;
  const isOfCommand = commandFailed.pattern.test(sentence);
  // The command's own text stands in the sentence, and may hold any of these words.
  const told = isOfCommand
    ? sentence.replace(/The command '.*' returned/s, 'The command returned')
    : sentence;
  const bySentence = [outOfMemory, ...causes].find(({ pattern }) => pattern.test(told));
  if (bySentence !== undefined || !isOfCommand) return bySentence;
  return commandCauses.find(({ pattern }) => pattern.test(ofLastCommand(output))) ?? commandFailed;
};

/** What was printed since the last instruction began: an earlier one may have overcome what it complained of. */
const ofLastCommand = (output: string): string => output.slice(Math.max(0, output.lastIndexOf('\nStep ')));

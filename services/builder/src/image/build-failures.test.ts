import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { buildFailure } from './build-failures.ts';

interface Recorded {
  /** HTTP status. */
  answered: number;
  sentence: string;
  /** The last lines of it. */
  output: string;
}

const file = join(import.meta.dirname, 'build-failures.recorded.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded>;

/** The code of a failure as Docker Engine 20.10 has told it: at once, or in what it streamed. */
const codeOf = ({ answered, sentence, output }: Recorded): string => {
  const code = answered === 200 ? 'build_failed' : answered === 400 ? 'docker_refused' : 'docker_failed';
  const words = message`Docker could not build image a:b: ${sentence}`;
  const { code: found, kind } = buildFailure(new CloudServerError('final', code, words), output);
  return kind === 'transient' ? `${found}, tried again` : found;
};

/** What each of these builds, done by a real engine, ends with. */
const expected: Readonly<Record<string, string>> = {
  copy: 'copied_file_missing',
  copyglob: 'copied_file_missing',
  copyout: 'copied_file_outside',
  copyfrom: 'copied_stage_missing',
  addurl: 'download_failed, tried again',
  unknown: 'dockerfile_invalid',
  syntax: 'dockerfile_invalid',
  nofrom: 'dockerfile_invalid',
  empty: 'dockerfile_invalid',
  heredoc: 'dockerfile_invalid',
  baddest: 'dockerfile_invalid',
  mount: 'build_needs_buildkit',
  chmod: 'build_needs_buildkit',
  link: 'build_needs_buildkit',
  frommissing: 'registry_unreachable, tried again',
  fromregistry: 'registry_unreachable, tried again',
  arg: 'build_argument_missing',
  exit: 'build_command_failed',
  notfoundcmd: 'build_program_missing',
  noshell: 'build_program_missing',
  apt: 'build_package_missing',
  aptinstall: 'build_package_missing',
  'php-net': 'build_network, tried again',
  memory: 'build_out_of_memory',
  phpmem: 'build_php_memory',
  perm: 'build_permission',
  user: 'build_user_missing',
  dockerfilemissing: 'dockerfile_missing',
  disk: 'disk_full',
};

test.each(Object.entries(recorded))('a build that fails by "%s" says what to mend', (name, told) => {
  expect(codeOf(told)).toBe(expected[name]);
});

const failure = (sentence: string, output: string) =>
  buildFailure(new CloudServerError('final', 'build_failed', message`${sentence}`), output).code;

test('the text of a command, and what an earlier one has printed, are no cause', () => {
  const sentence =
    'The command \'/bin/sh -c echo "dial tcp\nunable to find user "; exit 3\' returned a non-zero code: 3';
  expect(failure(sentence, '')).toBe('build_command_failed');
  const output = 'Step 1/3 : RUN x\nConnection timed out, once more\nStep 2/3 : RUN exit 3\n';
  expect(failure("The command 'exit 3' returned a non-zero code: 3", output)).toBe('build_command_failed');
});

test('a build that takes too long is not begun again; an engine that is away is asked again', () => {
  const late = new CloudServerError('transient', 'deadline_exceeded', message`Docker did not build in time`);
  expect(buildFailure(late, '')).toMatchObject({ code: 'build_took_too_long', kind: 'final' });
  const away = new CloudServerError('transient', 'docker_unreachable', message`dial tcp: connection refused`);
  expect(buildFailure(away, '')).toMatchObject({ code: 'docker_unreachable', kind: 'transient' });
  const other = new CloudServerError('final', 'docker_refused', message`something else`);
  expect(buildFailure(other, '')).toMatchObject({ code: 'docker_refused' });
});

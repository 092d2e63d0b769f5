import { message } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { DeadlineExceeded } from '@alfa-cloud/service-kit';
import { dockerError } from './docker-errors.ts';

const answer = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), {
    statusCode,
    json: { message },
  });
const socket = (code: string) => Object.assign(new Error(`connect ${code} /run/docker.sock`), { code });

test.each([
  [socket('ENOENT'), 'transient', 'docker_unreachable'],
  [socket('ECONNREFUSED'), 'transient', 'docker_unreachable'],
  [socket('ECONNRESET'), 'transient', 'docker_unreachable'],
  [new Error('socket hang up'), 'transient', 'docker_unreachable'],
  [socket('EACCES'), 'final', 'docker_refused'],
  [new DeadlineExceeded('exec', 5), 'transient', 'deadline_exceeded'],
  [answer(500, 'something broke'), 'transient', 'docker_failed'],
  [answer(500, 'Bind for 0.0.0.0:80 failed: port is already allocated'), 'final', 'port_in_use'],
  [answer(500, 'write /x: no space left on device'), 'final', 'disk_full'],
  [answer(409, 'Container abc is not running'), 'transient', 'not_running'],
  [answer(409, 'removal of container abc is already in progress'), 'transient', 'docker_failed'],
  [answer(409, 'container is marked for removal and cannot be started'), 'transient', 'docker_failed'],
  [answer(404, 'No such image: x'), 'final', 'not_found'],
  [
    answer(409, 'Conflict. The container name "/x" is already in use by container "y"'),
    'final',
    'name_in_use',
  ],
  [answer(409, 'remove x: volume is in use - [y]'), 'final', 'docker_refused'],
  [answer(400, 'bad parameter'), 'final', 'docker_refused'],
  [answer(301, 'Moved Permanently'), 'final', 'docker_refused'],
])('%s is %s: %s', (error, kind, code) => {
  expect(dockerError(message`create container x`, error)).toMatchObject({ kind, code });
});

test('the message says what was wanted and what the engine answered, in one sentence', () => {
  expect(dockerError(message`create container x`, answer(404, 'No such image: y')).message).toBe(
    'Docker could not create container x: No such image: y',
  );
});

test('a local engine that is not there is told with the path at which it was looked for', () => {
  const error = (code: string) => Object.assign(socket(code), { address: '/run/docker.sock' });
  const words = (code: string) => dockerError(message`answer`, error(code)).message;
  expect([words('ENOENT'), words('EACCES'), words('ECONNRESET')]).toEqual([
    'No Docker Engine listens at /run/docker.sock, so it could not answer: is it installed and running?',
    "No permission to use the Docker Engine's socket /run/docker.sock",
    "The Docker Engine can't be reached (ECONNRESET), so it could not answer",
  ]);
});

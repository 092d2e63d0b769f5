import { expect, test } from '@jest/globals';
import { linesOfNewConnections } from './sshd.ts';

const lateEnd = 'Disconnected from user ops 10.77.0.1 port 45820\n';
const begin = 'Connection from 10.77.0.1 port 4582 on 10.77.0.2 port 22 rdomain ""\n';
const end = 'Disconnected from 10.77.0.1 port 4582 [preauth]\n';

test('the end of an earlier connection does not count as that of a new one', () => {
  expect(linesOfNewConnections(lateEnd)).toBeUndefined();
  expect(linesOfNewConnections(begin + lateEnd)).toBeUndefined();
  expect(linesOfNewConnections(begin + lateEnd + end)).toBe((begin + end).trim());
});

test('every new connection has to end', () => {
  const second = begin.replace('4582', '45826');
  expect(linesOfNewConnections(begin + second + end)).toBeUndefined();
  expect(
    linesOfNewConnections(begin + second + end + end.replace('4582', '45826'))?.split('\n'),
  ).toHaveLength(4);
});

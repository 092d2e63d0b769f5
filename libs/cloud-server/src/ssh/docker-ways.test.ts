import { messageInWords } from '@alfa-cloud/contracts';
import { describe, expect, test } from '@jest/globals';
import { nameOfWay, waysToDocker, whyNot, type DockerSurroundings } from './docker-ways.ts';

const system = '/var/run/docker.sock';
const rootless = '/run/user/1000/docker.sock';
const nothing: DockerSurroundings = { usable: [], present: [], hasClient: false, mayBeRoot: false };

describe('ways to Docker', () => {
  test.each<[string, Partial<DockerSurroundings>, string[]]>([
    [
      'sockets before commands, ours before root',
      { present: [system, rootless], usable: [system, rootless], hasClient: true, mayBeRoot: true },
      [
        `forwarded socket ${system}`,
        `forwarded socket ${rootless}`,
        `docker system dial-stdio on ${system}`,
        `docker system dial-stdio on ${rootless}`,
        `sudo -n docker system dial-stdio on ${system}`,
      ],
    ],
    [
      'root where the user is not in the group',
      { present: [system], hasClient: true, mayBeRoot: true },
      [`sudo -n docker system dial-stdio on ${system}`],
    ],
    ['a rootless engine', { present: [rootless], usable: [rootless] }, [`forwarded socket ${rootless}`]],
    ['no root without the client program', { present: [system], mayBeRoot: true }, []],
    ['nothing where nothing is', { hasClient: true, mayBeRoot: true }, []],
  ])('%s', (_, found, ways) => {
    expect(waysToDocker({ ...nothing, ...found }).map(nameOfWay)).toEqual(ways);
  });

  test.each<[Partial<DockerSurroundings>, boolean, string]>([
    [{}, false, 'not installed or does not run'],
    [{ present: [system] }, true, 'u is not in group docker and may not use sudo'],
    [{ present: [system], mayBeRoot: true }, true, 'client program docker is not installed'],
    [{ present: [system], usable: [system] }, false, 'does not answer'],
  ])('that are missing have a reason: %j', (found, final, words) => {
    const why = whyNot('u', { ...nothing, ...found });
    const told = { ...why, words: messageInWords('en', why.words) };
    expect(told).toEqual({ final, words: expect.stringContaining(words) });
  });
});

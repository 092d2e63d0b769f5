import { describe, expect, test } from '@jest/globals';
import { message, messageInWords, told, type Fault, type ServerRole } from '@alfa-cloud/contracts';
import {
  choosePlace,
  choosePlaceByRole,
  noServerFits,
  rolesAfterDrain,
  type Candidate,
} from './placement.ts';

const candidate = (
  name: string,
  taken: number,
  capacity: number,
  more: Partial<Candidate> = {},
): Candidate => ({
  server: { id: `id-of-${name}`, name, capacity: { clients: capacity }, role: 'production' },
  objection: null,
  taken,
  hasImage: true,
  isShort: false,
  memoryFreeBytes: null,
  diskFreeBytes: null,
  ...more,
});
const draining: Fault = { code: 'server_draining', ...told(message`Server ${'x'} takes no new clients`) };

const chosen = (...candidates: Candidate[]) => {
  const choice = choosePlace(candidates);
  return choice === null ? null : [choice.server.name, messageInWords('en', choice.reason)];
};

describe('of several servers is chosen', () => {
  test('the one with the lowest share of places taken, not the one with the fewest clients', () => {
    expect(chosen(candidate('small', 3, 5), candidate('large', 40, 100), candidate('full', 7, 7))).toEqual([
      'large',
      'large has the lowest share of places taken, 40 of 100, among 2 servers',
    ]);
  });

  test('the only one that can take the client', () => {
    expect(chosen(candidate('a', 0, 5, { objection: draining }), candidate('b', 4, 5))).toEqual([
      'b',
      'b is the only server that can take the client; places taken there: 4 of 5',
    ]);
  });

  test('among equals the one with the most free memory, then disk, then the first by name', () => {
    const much = { memoryFreeBytes: 8e9, diskFreeBytes: 1e9 };
    const little = { memoryFreeBytes: 2e9, diskFreeBytes: 9e9 };
    const equals = 'servers have the lowest share of places taken';
    expect(chosen(candidate('a', 1, 3, little), candidate('b', 2, 6, much), candidate('c', 3, 3))).toEqual([
      'b',
      `2 ${equals}, b with 2 of 6; it has the most free memory of them`,
    ]);
    const sameMemory = { memoryFreeBytes: 2e9 };
    expect(
      chosen(candidate('a', 0, 3, { ...much, ...sameMemory }), candidate('b', 0, 6, { ...little })),
    ).toEqual(['b', `2 ${equals}, b with 0 of 6; it has the most free disk space of them`]);
    expect(chosen(candidate('b', 0, 3, much), candidate('a', 0, 6))).toEqual([
      'a',
      `2 ${equals}, a with 0 of 6; it is the first of them by name`,
    ]);
  });

  test('one that is short of memory or disk space only where there is no other', () => {
    const short = { isShort: true };
    const [name, reason] = chosen(candidate('empty', 0, 9, short), candidate('used', 8, 9)) ?? [];
    expect([name, reason]).toEqual([
      'used',
      'used is the only server that can take the client; places taken there: 8 of 9; servers passed over, short of memory or disk space: 1',
    ]);
    expect(chosen(candidate('empty', 0, 9, short), candidate('used', 9, 9))?.[0]).toBe('empty');
  });

  test('one that has the image, rather than one to which it would have to be brought', () => {
    const bare = { hasImage: false };
    expect(chosen(candidate('bare', 0, 9, bare), candidate('used', 8, 9))).toEqual([
      'used',
      'used is the only server that can take the client; places taken there: 8 of 9; servers passed over, without the image: 1',
    ]);
    expect(chosen(candidate('bare', 0, 9, bare), candidate('full', 9, 9))?.[0]).toBe('bare');
    const all = [
      candidate('bare', 0, 9, bare),
      candidate('short', 0, 9, { isShort: true }),
      candidate('a', 1, 9),
    ];
    expect(chosen(...all)?.[1]).toMatch(
      /; servers passed over, short of memory or disk space: 1, without the image: 1$/,
    );
  });

  test('none, when something speaks against each', () => {
    expect(chosen()).toBeNull();
    expect(
      chosen(candidate('a', 5, 5), candidate('b', 0, 0), candidate('c', 0, 1, { objection: draining })),
    ).toBe(null);
  });
});

describe('from a server that is drained', () => {
  const on = (role: ServerRole, name: string, taken: number, capacity = 9): Candidate => {
    const { server, ...rest } = candidate(name, taken, capacity);
    return { ...rest, server: { ...server, role } };
  };
  const goal = (from: ServerRole, isCopy: boolean, ...candidates: Candidate[]) => {
    const choice = choosePlaceByRole(candidates, rolesAfterDrain(from, isCopy));
    return choice === null
      ? null
      : [choice.server.name, messageInWords('en', choice.reason).split('; ').at(-1)];
  };
  const production = on('production', 'prod', 0);
  const stage = on('stage', 'stage', 8);
  const fullStage = on('stage', 'stage', 9);

  test('of role stage, clients go to a stage server as long as one can take them', () => {
    const first = 'servers of role stage come before those of role production';
    expect(goal('stage', false, production, stage)).toEqual(['stage', first]);
    expect(goal('stage', false, production, fullStage)).toEqual([
      'prod',
      'no server of role stage can take the client',
    ]);
  });

  test('of role stage, copies go to stage servers alone', () => {
    const alone = 'a copy goes to servers of role stage alone';
    expect(goal('stage', true, production, stage)).toEqual(['stage', alone]);
    expect(goal('stage', true, production, fullStage)).toBeNull();
  });

  test('of role production, a copy leaves for a stage server where it can, and clients stay in production', () => {
    expect(goal('production', true, production, stage)?.[0]).toBe('stage');
    expect(goal('production', true, production, fullStage)?.[0]).toBe('prod');
    expect(goal('production', false, production, stage)).toEqual(['prod', 'places taken there: 0 of 9']);
    expect(goal('production', false, stage)).toBeNull();
  });
});

test('nobody fits: every server is named with what speaks against it, in both languages', () => {
  const fault = noServerFits([candidate('b', 5, 5), candidate('a', 0, 5, { objection: draining })]);
  expect(fault).toMatchObject({
    code: 'no_server_fits',
    detail: 'No server can take the client. a: Server x takes no new clients; b: it has no place left',
    meta: {
      servers: [
        { serverId: 'id-of-a', name: 'a', code: 'server_draining' },
        { serverId: 'id-of-b', name: 'b', code: 'server_full' },
      ],
    },
  });
  expect(fault.message === undefined ? '' : messageInWords('ru', fault.message)).toBe(
    'Ни один сервер не может взять клиента. a: Сервер x не принимает новых клиентов; b: на нём не осталось мест',
  );
  expect(noServerFits([]).detail).toBe('There is no other server of role production');
  const many = Array.from({ length: 30 }, (_, index) => candidate(`s${index}`, 0, 0));
  expect(noServerFits(many).detail).toMatch(/; and 10 more$/);
});

import { describe, expect, test } from '@jest/globals';
import type { Labels } from '@alfa-cloud/cloud-server';
import { labelsOfBuild, tagsOf } from '../image/image-tags.ts';
import type { Found, FoundImage } from './found.ts';
import { wordsIn, type Needs } from './needs.ts';
import { planCleanup } from './plan.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`;
const sha = (number: number) => String(number).padStart(40, 'a');
const rules = { serverId: 'server', keep: 2 };

/** The image of the build of that day: named as it was, unless other names are said. */
const built = (number: number, changes: Partial<FoundImage> & { branch?: string } = {}): FoundImage => {
  const { branch = 'dev', ...others } = changes;
  const labels = labelsOfBuild(
    { sha: sha(number), branch },
    { operationId: `build-${number}`, startedAt: day(number) },
  );
  return {
    id: `sha256:${branch}-${number}`,
    references: [`alfa:${tagsOf({ branch, sha: sha(number) }, day(number)).tag}`],
    labels,
    sizeBytes: 1000 + number,
    createdAt: new Date(day(number)),
    layers: [
      { digest: 'base', sizeBytes: 1000 },
      { digest: `layer ${branch} ${number}`, sizeBytes: number },
    ],
    lastInstruction: `/bin/sh -c #(nop)  LABEL org.opencontainers.image.revision=${sha(number)}`,
    ...others,
  };
};

const needs = (changes: Partial<Needs> = {}): Needs => ({
  clients: [],
  operations: [],
  builds: new Set(Array.from({ length: 30 }, (_, index) => `build-${index}`)),
  running: [],
  repositories: new Set(['alfa']),
  ...changes,
});

const found = (images: readonly FoundImage[], others: Partial<Found> = {}): Found => ({
  images,
  containers: [],
  networks: [],
  ...others,
});

/** The codes for which each image stays, or the one for which it goes after `-`. */
const judged = (what: Found, needed = needs()): Record<string, string> => {
  const { remove, kept } = planCleanup(what, needed, rules);
  return Object.fromEntries([
    ...remove.map(({ image, reason }) => [image.id, `-${reason.code}`]),
    ...kept.map(({ image, reasons }) => [image.id, reasons.map(({ code }) => code).join(' ')]),
  ]) as Record<string, string>;
};

const four = [1, 2, 3, 4].map((number) => built(number));
const oldest = 'sha256:dev-1';
/** The oldest of four images: it goes, unless something speaks for it. */
const why = (
  changes: Partial<FoundImage>,
  others: Partial<Found> = {},
  needed = needs(),
): string | undefined => {
  const [first, ...newer] = four;
  return judged(found([{ ...(first as FoundImage), ...changes }, ...newer], others), needed)[oldest];
};
const named = built(1).references[0] ?? '';
const client = {
  id: 'id of lab',
  slug: 'lab',
  image: 'other:1',
  imageId: 'sha256:other',
  previousImage: null,
};
const container = (labels: Labels = {}) => ({ name: 'c', imageId: oldest, labels });

describe('of each branch', () => {
  test('the newest images stay, and older ones go', () => {
    const prod = built(1, { branch: 'master' });
    expect(judged(found([...four, prod]))).toEqual({
      'sha256:dev-1': '-old',
      'sha256:dev-2': '-old',
      'sha256:dev-3': 'newest',
      'sha256:dev-4': 'newest',
      'sha256:master-1': 'newest',
    });
  });

  test('bytes are those of layers that nothing has which stays', () => {
    const { remove } = planCleanup(found(four), needs(), rules);
    expect(remove.map(({ freesBytes }) => freesBytes)).toEqual([1, 2]);
  });

  test('images without a name are no newest ones', () => {
    const nameless = built(9, { references: [] });
    expect(judged(found([...four, nameless]))).toMatchObject({
      'sha256:dev-9': '-left_over',
      'sha256:dev-4': 'newest',
      'sha256:dev-3': 'newest',
    });
  });
});

test.each<[string, string, string | undefined]>([
  ['has nothing that speaks for it', '-old', why({})],
  ['is what the name of the branch means', 'moving_tag', why({ references: [named, 'alfa:dev'] })],
  ['has a name that a person has given', 'foreign_name', why({ references: [named, 'alfa:good'] })],
  ['has a name in another repository', 'foreign_name', why({ references: [named, 'shop/alfa:1'] })],
  ['is kept for a rollback by its name', 'rollback', why({ references: [named, 'alfa-keep/lab:previous'] })],
  [
    'is kept for a client that is called build',
    'rollback',
    why({ references: [named, 'alfa-keep/build:previous'] }),
  ],
  ['has only the name of its ended build', '-left_over', why({ references: ['alfa-keep/build:build-1'] })],
  [
    'has the name of another build',
    'foreign_name',
    why({ references: [named, built(2).references[0] ?? ''] }),
  ],
  ['a client runs from it', 'client', why({}, {}, needs({ clients: [{ ...client, imageId: oldest }] }))],
  ['a client is bound to its name', 'client', why({}, {}, needs({ clients: [{ ...client, image: named }] }))],
  [
    'a move brings it for a client to where it has another id, and no name yet',
    'client',
    why({ references: [] }, {}, needs({ clients: [{ ...client, image: named }] })),
  ],
  [
    'a client is bound to its name in full',
    'client',
    why({}, {}, needs({ clients: [{ ...client, image: `docker.io/library/${named}` }] })),
  ],
  [
    'a client is bound to its name and a digest',
    'client',
    why({}, {}, needs({ clients: [{ ...client, image: `${named}@sha256:${'0'.repeat(64)}` }] })),
  ],
  [
    'an operation brings it for a client that is bound to the name of the branch',
    'operation',
    why(
      { references: [] },
      {},
      needs({
        clients: [{ ...client, image: 'alfa:dev' }],
        operations: [{ id: 'o', kind: 'client.move', words: new Set([client.id]) }],
      }),
    ),
  ],
  [
    'nothing is done for the client that is bound to the name of the branch',
    '-left_over',
    why({ references: [] }, {}, needs({ clients: [{ ...client, image: 'alfa:dev' }] })),
  ],
  [
    'a rollback leads to it',
    'rollback',
    why({}, {}, needs({ clients: [{ ...client, previousImage: { reference: 'alfa:dev', id: oldest } }] })),
  ],
  ['a container is made from it', 'container', why({}, { containers: [container()] })],
  [
    'an operation names it',
    'operation',
    why({}, {}, needs({ operations: [{ id: 'o', kind: 'client.switch', words: new Set([named]) }] })),
  ],
  [
    'an operation is about another image',
    '-old',
    why({}, {}, needs({ operations: [{ id: 'o', kind: 'client.switch', words: new Set(['alfa:dev']) }] })),
  ],
  [
    'it is brought to a server for an operation, and has no name yet',
    'operation',
    why(
      { references: [] },
      {},
      needs({ operations: [{ id: 'o', kind: 'client.switch', words: new Set(['alfa:dev']) }] }),
    ),
  ],
  [
    'its build is under way',
    'operation',
    why({ references: [] }, {}, needs({ running: [{ operationId: 'build-1', image: null }] })),
  ],
  [
    'another installation has built it',
    'other_installation',
    why({}, {}, needs({ builds: new Set(['build-4']) })),
  ],
  [
    'somebody has built another image upon it',
    'not_ours',
    why({ lastInstruction: '/bin/sh -c #(nop)  CMD ["x"]', references: [] }),
  ],
  ['it has no labels', 'not_ours', why({ labels: {} })],
])('an older image of which %s: %s', (_, expected, actual) => {
  expect(actual).toBe(expected);
});

test('the words of an operation are every text in it, and what engines call the images that it may mean', () => {
  const words = wordsIn([{ clientIds: ['a'], more: { targetImage: `docker.io/${named}@sha256:1` } }, null]);
  for (const word of ['a', named, 'sha256:1']) expect(words).toContain(word);
});

test('an image that a running build takes anew from an earlier one stays', () => {
  const { tag, movingTag } = tagsOf({ branch: 'dev', sha: sha(1) }, day(1));
  const image = {
    operationId: 'build-1',
    serverId: 's',
    imageId: 'sha256:elsewhere',
    repository: 'alfa',
    tag,
    movingTag,
  };
  const running = [{ operationId: 'build-20', image: { ...image, branch: 'dev', dockerfile: null } }];
  expect(why({}, {}, needs({ running }))).toBe('operation');
});

describe('what a smoke test has left', () => {
  const labels = {
    'cloud.alfa.managed': 'true',
    'cloud.alfa.server': 'server',
    'cloud.alfa.operation': 'build-1',
  };
  const left = (name: string, changes: Labels = {}, needed = needs()) => {
    const thing = { name, labels: { ...labels, ...changes } };
    const what = found([], { containers: [{ ...thing, imageId: 'x' }], networks: [thing] });
    return planCleanup(what, needed, rules).leftovers;
  };

  test('goes', () => {
    const name = 'alfa.smoke.build-1.ab';
    expect(left(name)).toEqual([
      { kind: 'container', name },
      { kind: 'network', name },
    ]);
  });

  test('stays while its build runs, and where it is not ours', () => {
    const name = 'alfa.smoke.build-1.ab';
    expect(left(name, {}, needs({ running: [{ operationId: 'build-1', image: null }] }))).toEqual([]);
    expect(left('alfa-lab')).toEqual([]);
    expect(left(name, { 'cloud.alfa.server': 'another' })).toEqual([]);
    expect(left(name, { 'cloud.alfa.managed': 'false' })).toEqual([]);
    expect(left(name, { 'cloud.alfa.operation': 'unknown' })).toEqual([]);
  });
});

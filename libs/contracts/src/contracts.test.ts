import { expect, test } from '@jest/globals';
import {
  ClientAttributes,
  commandCatalogue,
  conforms,
  deriveId,
  faultsOf,
  Id,
  ImageReference,
  newId,
  ServerAttributes,
  Slug,
  streams,
  subjects,
  upcast,
} from './index.ts';

const client = {
  name: 'Лаборатория «Альфа»',
  slug: 'alpha-1',
  email: 'owner@example.org',
  expireDate: '2027-01-31',
  image: 'alfa/client:1',
};

test('attributes of a client conform, every fault of a bad one is found at once with its place', () => {
  expect(faultsOf(ClientAttributes, client)).toEqual([]);
  const faults = faultsOf(
    ClientAttributes,
    {
      ...client,
      slug: 'Bad_Slug',
      email: 'x',
      expireDate: '2027-02-30',
      limits: { memoryMb: '1' },
      colour: 'red',
      name: undefined,
    },
    '/data/attributes',
  );
  expect(faults.map((fault) => fault.pointer ?? '').sort((a, b) => a.localeCompare(b))).toEqual([
    '/data/attributes/colour',
    '/data/attributes/email',
    '/data/attributes/expireDate',
    '/data/attributes/limits/memoryMb',
    '/data/attributes/name',
    '/data/attributes/slug',
  ]);
});

test.each(['a', 'alfa', 'a-b', 'lab2', 'a'.repeat(40)])('slug %s is safe', (slug) => {
  expect(conforms(Slug, slug)).toBe(true);
});

test.each([
  '',
  '1a',
  '-a',
  'a-',
  'a--b',
  'A',
  'a_b',
  'a.b',
  'a/b',
  '../a',
  "a'",
  'а',
  'a'.repeat(41),
  'a\n',
  5,
  null,
])('slug %j is refused', (slug) => {
  expect(conforms(Slug, slug)).toBe(false);
});

test.each([
  'alfa/client:1',
  'nginx',
  'registry.example.org:5000/alfa/client:v2.0',
  `alfa/client@sha256:${'0'.repeat(64)}`,
])('image reference %s is accepted', (reference) => {
  expect(conforms(ImageReference, reference)).toBe(true);
});

test.each(['', 'Alfa', 'alfa/client:', '--privileged', 'alfa client', '../x', 'a;b'])(
  'image reference %j is refused',
  (reference) => {
    expect(conforms(ImageReference, reference)).toBe(false);
  },
);

test('a union names the misses of its members instead of only "anyOf"', () => {
  const faults = faultsOf(ServerAttributes, {
    name: 'one',
    domain: 'example.org',
    connection: { kind: 'ssh', host: 'h' },
  });
  expect(faults.map((fault) => fault.pointer)).toContain('/connection/username');
});

test('names with line breaks or nothing but blanks are refused', () => {
  for (const name of ['a\nb', '   ', 'a\u0000', 'a\u2028b', '']) {
    expect(faultsOf(ClientAttributes, { ...client, name })).toHaveLength(name === '' ? 2 : 1);
  }
});

test('derived ids are stable UUIDs, told apart by their parts', () => {
  expect(deriveId('a', 'b')).toBe(deriveId('a', 'b'));
  expect(deriveId('ab')).not.toBe(deriveId('a', 'b'));
  expect(deriveId('a', 1)).not.toBe(deriveId('a', '1'));
  for (const id of [deriveId('x'), newId()]) expect(conforms(Id, id)).toBe(true);
});

test('every command has a subject of its service', () => {
  for (const name of Object.keys(commandCatalogue) as (keyof typeof commandCatalogue)[]) {
    expect(subjects.command(name)).toBe(`alfa.commands.${commandCatalogue[name].service}.${name}`);
  }
});

test('reservation streams keep any name in one ASCII word', () => {
  expect(streams.reservation('server', 'сервер 1')).toMatch(/^reservation-server-[\u0021-\u007e]+$/);
});

test('upcasters lift step by step and refuse a shape from the future', () => {
  const table = {
    ClientCreated: [
      (data: Record<string, unknown>) => ({ ...data, b: 2 }),
      (data: Record<string, unknown>) => ({ ...data, c: Number(data['b']) + 1 }),
    ],
  };
  expect(upcast('ClientCreated', { a: 1 }, 1, table)).toEqual({ a: 1, b: 2, c: 3 });
  expect(upcast('ClientCreated', { a: 1, b: 5 }, 2, table)).toEqual({ a: 1, b: 5, c: 6 });
  expect(upcast('ClientCreated', { a: 1 }, 3, table)).toEqual({ a: 1 });
  expect(() => upcast('ClientCreated', {}, 4, table)).toThrow('update it first');
});

import { expect, test } from '@jest/globals';
import { Type } from 'typebox';
import { faultsOf, metaMembers, resources, resourceSchema } from '../index.ts';

interface Property {
  description?: string;
  examples?: unknown[];
  type?: string;
  const?: unknown;
  properties?: Record<string, Property>;
  patternProperties?: object;
  items?: Property;
  anyOf?: Property[];
}

/** Every named property of a schema, with its place in it. */
const propertiesOf = (schema: Property, place: string): [string, Property][] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, property]): [string, Property][] => [
    [`${place}.${name}`, property],
    ...propertiesOf(property, `${place}.${name}`),
  ]),
  ...(schema.items === undefined ? [] : propertiesOf(schema.items, `${place}[]`)),
  ...(schema.anyOf ?? []).flatMap((member) => propertiesOf(member, place)),
];

const all = [
  ...Object.entries(resources).flatMap(([type, { attributes }]) =>
    propertiesOf(attributes as Property, type),
  ),
  ...propertiesOf(Type.Object(metaMembers) as Property, 'meta'),
];

test('every resource is named by its type and says in both languages what it is', () => {
  for (const [type, definition] of Object.entries(resources)) {
    expect([type, definition]).toEqual([
      type,
      expect.objectContaining({
        type,
        title: { en: expect.stringMatching(/^[A-Z]/), ru: expect.stringMatching(/^[А-Я]/) },
        description: expect.stringMatching(/\.$/),
      }),
    ]);
  }
});

test('every property says in a sentence what it means', () => {
  expect(all.length).toBeGreaterThan(300);
  const silent = all.filter(([, { description = '' }]) => !/^[A-Z`].*\.$/.test(description));
  expect(silent.map(([place]) => place)).toEqual([]);
});

/** What is made of properties is shown by theirs. */
const isMade = ({ properties, items, anyOf = [] }: Property): boolean =>
  properties !== undefined || items !== undefined || anyOf.some(isMade);

test('every property that is not made of others has an example, which conforms', () => {
  for (const [place, property] of all) {
    if (property.examples === undefined) expect([place, isMade(property)]).toEqual([place, true]);
    for (const example of property.examples ?? []) {
      expect([place, faultsOf(property as never, example)]).toEqual([place, []]);
    }
  }
});

test('numbers of a quantity have their unit in the name', () => {
  const bare = all.filter(
    ([place, { type = '' }]) =>
      ['integer', 'number'].includes(type) && /(?:memory|disk|storage|size|time|duration|age)$/i.test(place),
  );
  expect(bare.map(([place]) => place).filter((place) => !place.endsWith('.waveSize'))).toEqual([]);
});

test('a resource that lacks an attribute, or has a relationship of another type, does not conform', () => {
  const schema = resourceSchema(resources['users-counts']);
  const id = '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90';
  const users = (
    client: object,
    attributes: object = { users: 12, countedAt: '2026-11-22T18:00:00.000Z' },
  ) => ({
    type: 'users-counts',
    id,
    attributes,
    relationships: { client: { data: client } },
  });
  expect(faultsOf(schema, users({ type: 'clients', id }))).toEqual([]);
  expect(faultsOf(schema, users({ type: 'servers', id }))).not.toEqual([]);
  expect(faultsOf(schema, users({ type: 'clients', id }, { users: 12 }))).toMatchObject([
    { code: 'required' },
  ]);
});

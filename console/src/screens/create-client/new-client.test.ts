import { expect, test } from '@jest/globals';
import { creationOf, emptyClient, isWhole } from './new-client.ts';

const filledIn = {
  ...emptyClient('ru', '2027-11-26'),
  name: 'Лаборатория «Один» ',
  slug: 'lab-one',
  email: 'one@lab.test',
  image: 'alfa-client:1',
};

test('a client may be sent once all that it needs is filled in', () => {
  expect(isWhole(emptyClient('ru', '2027-11-26'))).toBe(false);
  expect(isWhole(filledIn)).toBe(true);
  expect(isWhole({ ...filledIn, slug: 'Lab' })).toBe(false);
  expect(isWhole({ ...filledIn, ownerPassword: 'short' })).toBe(false);
});

test('what was left empty is left to Alfa Cloud', () => {
  const { attributes, relationships } = creationOf(filledIn);
  expect(attributes).toMatchObject({ name: 'Лаборатория «Один»', slug: 'lab-one', demo: false });
  for (const name of ['limits', 'notes', 'ownerLogin']) expect(attributes).not.toHaveProperty(name);
  expect(relationships).toBeUndefined();
  const server = 'a1c93ffb-126a-5c8f-a48f-b787e257f4ab';
  expect(creationOf({ ...filledIn, memoryMb: '1024', serverId: server })).toMatchObject({
    attributes: { limits: { memoryMb: 1024 } },
    relationships: { server: { type: 'servers', id: server } },
  });
});

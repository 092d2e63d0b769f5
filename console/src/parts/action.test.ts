import { expect, test } from '@jest/globals';
import { type ActionField, filled, initialValues, missing } from './action.ts';
import { newPassword } from './new-password.ts';

const fields: ActionField[] = [
  { name: 'image', kind: 'choice', label: 'Image', isRequired: true },
  { name: 'slug', kind: 'line', label: 'Slug', initial: 'lab-stage' },
  { name: 'isMeant', kind: 'check', label: 'Meant', isRequired: true },
];

test('what is required has to be chosen, written or ticked', () => {
  const values = initialValues(fields);
  expect(values).toEqual({ image: '', slug: 'lab-stage', isMeant: false });
  expect(missing(fields, values).map(({ name }) => name)).toEqual(['image', 'isMeant']);
  expect(missing(fields, { ...values, image: '  ' })).toHaveLength(2);
  expect(missing(fields, { ...values, image: 'alfa:1', isMeant: true })).toEqual([]);
});

test('blanks are no value', () => {
  expect(filled('  ')).toBeUndefined();
  expect(filled(true)).toBeUndefined();
  expect(filled(' lab ')).toBe('lab');
});

test('a made password is long, differs each time, and has no character that is taken for another', () => {
  const made = Array.from({ length: 200 }, newPassword);
  expect(new Set(made).size).toBe(200);
  for (const password of made) expect(password).toMatch(/^([a-zA-Z2-9]{5}-){3}[a-zA-Z2-9]{5}$/);
  expect(made.join('')).not.toMatch(/[0Ol1I]/);
});

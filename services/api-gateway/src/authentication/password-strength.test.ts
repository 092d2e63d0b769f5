import { expect, test } from '@jest/globals';
import { weaknessesOf } from './password-strength.ts';

const known = { login: 'Administrator-1', current: 'Correct-Horse-7' };
const details = (password: string) => weaknessesOf(password, known).map(({ detail }) => detail);

test.each([
  ['Kurz-7', ['It has 6 characters; 12 are the least']],
  ['ababababababab', ['It is made of fewer than 6 different characters']],
  ['administrator-1', ['It is the login']],
  ['Correct-Horse-7', ['It is the current password']],
  ['Correct-Horse\u0007-8', ['It holds control characters, which Basic authentication does not carry']],
  ['aaaa', ['It has 4 characters; 12 are the least', 'It is made of fewer than 6 different characters']],
  ['Лошадь правильная', []],
  ['Correct-Horse-8', []],
])('%j', (password, expected) => {
  expect(details(password)).toEqual(expected);
  expect(JSON.stringify(weaknessesOf(password, known))).not.toContain(`"${password}"`);
});

/** Without characters that are taken for each other when a password is read out or typed from paper: 0 O, 1 l I. */
const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const groups = 4;
const groupLength = 5;

/** A password of 20 random characters (about 116 bits) in groups that are easily read. */
export const newPassword = (): string =>
  Array.from({ length: groups }, () => Array.from({ length: groupLength }, letter).join('')).join('-');

const letter = (): string => {
  // Numbers beyond the last whole multiple would make the first letters likelier.
  const limit = 256 - (256 % letters.length);
  const random = new Uint8Array(1);
  do crypto.getRandomValues(random);
  while ((random[0] ?? 0) >= limit);
  return letters.charAt((random[0] ?? 0) % letters.length);
};

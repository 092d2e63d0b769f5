import { randomBytes, scrypt, timingSafeEqual, randomInt } from 'node:crypto';

/** Cost of a new hash: 2^15 blocks of 8 × 128 bytes (32 MiB), one lane; about 50 ms of one core. */
const cost = { N: 2 ** 15, r: 8, p: 1 };
const hashBytes = 32;
const maxmem = 128 * 1024 * 1024;

const derive = (
  password: string,
  salt: Buffer,
  parameters: { N: number; r: number; p: number },
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, { ...parameters, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** Salted scrypt hash with its parameters: `scrypt$N$r$p$salt$hash`. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
};

/** Compares in constant time. @throws Error when the stored hash was not made by {@link hashPassword} */
export const verifyPassword = async (password: string, stored: string): Promise<boolean> => {
  const [kind, n, r, p, salt, hash] = stored.split('$');
  if (kind !== 'scrypt' || salt === undefined || hash === undefined) throw new Error('Not a password hash');
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};

/** Without characters that are easily confused: 0 O 1 l I. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Random password of letters and digits; 24 of them hold about 139 bits. */
export const generatePassword = (length = 24): string =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');

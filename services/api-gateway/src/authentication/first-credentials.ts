import { readFile } from 'node:fs/promises';
import type { FirstCredentials } from '../config.ts';

/** Login and first password of the configuration; the password is read from its file when one is named. */
export const readFirstCredentials = async ({
  login,
  password,
  passwordFile,
}: FirstCredentials): Promise<{ login: string; password?: string }> => {
  if (passwordFile !== undefined) return { login, password: (await readFile(passwordFile, 'utf8')).trim() };
  return password === undefined ? { login } : { login, password };
};

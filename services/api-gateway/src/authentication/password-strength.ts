import { message, told } from '@alfa-cloud/contracts';
import type { Problem } from '../http/problems.ts';

const charactersMin = 12;
const differentMin = 6;

/** Everything that speaks against a new password of the administrator; empty when there is nothing. Never holds the password itself. */
export const weaknessesOf = (
  password: string,
  { login, current }: { login: string; current: string },
): Problem[] => {
  const characters = Array.from(password.normalize('NFKC'));
  const folded = password.normalize('NFKC').toLowerCase();
  const weaknesses = [
    characters.length < charactersMin
      ? message`It has ${characters.length} characters; ${charactersMin} are the least`
      : null,
    new Set(characters).size < differentMin
      ? message`It is made of fewer than ${differentMin} different characters`
      : null,
    folded === login.normalize('NFKC').toLowerCase() ? message`It is the login` : null,
    password.normalize('NFKC') === current.normalize('NFKC') ? message`It is the current password` : null,
    /\p{Cc}/u.test(password)
      ? message`It holds control characters, which Basic authentication does not carry`
      : null,
  ];
  return weaknesses
    .filter((detail) => detail !== null)
    .map((detail) => ({
      code: 'password_too_weak',
      ...told(detail),
      source: { pointer: '/data/attributes/newPassword' },
    }));
};

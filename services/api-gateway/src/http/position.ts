import { message } from '@alfa-cloud/contracts';
import { refuse } from './problems.ts';

/** Header by which a sender carries a position from one gateway to another. */
export const positionHeader = 'Alfa-Position';

const largest = 2n ** 64n - 1n;

/**
 * Value of the request header `Alfa-Position`.
 * @throws RequestRefused 400
 */
export const readPosition = (header: string | string[] | undefined): bigint | null => {
  if (header === undefined) return null;
  if (typeof header === 'string' && /^\d{1,20}$/.test(header)) {
    const position = BigInt(header);
    if (position <= largest) return position;
  }
  throw refuse('invalid_header', message`"${positionHeader}" must be a position that an answer carried`, {
    header: positionHeader,
  });
};

/**
 * The newest position that this gateway has handed out or seen in an answer: every query after it sees the effect of every command before it,
 * and nothing older than an answer before it.
 */
export class NewestPosition {
  #newest: bigint | null = null;

  /** Takes notice of the position of an accepted command, or of an answer. */
  note(position: string): void {
    const value = BigInt(position);
    if (this.#newest === null || value > this.#newest) this.#newest = value;
  }

  /** The position that a query shall have reached: the newest known here or the sender's own. */
  with(callers: bigint | null): string | undefined {
    const own = this.#newest;
    if (own === null) return callers?.toString();
    return (callers !== null && callers > own ? callers : own).toString();
  }
}

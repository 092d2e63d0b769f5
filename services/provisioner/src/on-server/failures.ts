import { message, type Message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';

export const final = (code: string, words: Message): StepFailure => new StepFailure('final', code, words);

export const transient = (code: string, words: Message): StepFailure =>
  new StepFailure('transient', code, words);

/** Something stands under a name that is needed, and somebody else made it. */
export const nameOccupied = (what: Message): StepFailure =>
  final(
    'name_occupied',
    message`${what} exists already and was not made by this operation; it is left alone`,
  );

import { StepFailure } from '@alfa-cloud/operations';

export const final = (code: string, message: string): StepFailure => new StepFailure('final', code, message);

export const transient = (code: string, message: string): StepFailure =>
  new StepFailure('transient', code, message);

/** Something stands under a name that is needed, and somebody else made it. */
export const nameOccupied = (what: string): StepFailure =>
  final('name_occupied', `${what} exists already and was not made by this operation; it is left alone`);

import { kindAskedFor, type OperationKind, stepTitle as wordsOfStep, titleOf } from '@alfa-cloud/contracts';

export const kindTitle = (kind: OperationKind): string => titleOf(kind).en;

/** What was to be done, as a rejected operation has it: the name of a command, or the kind of an operation that could not begin. */
export const commandTitle = (command: string): string => {
  const kind = kindAskedFor(command);
  return kind === null ? `Command ${command}` : kindTitle(kind);
};

/** Title of a step, also of one that no kind declares. */
export const stepTitle = (kind: OperationKind, step: string): string => wordsOfStep(kind, step).en;

import { type OperationKind, stepTitle as wordsOfStep, titleAskedFor, titleOf } from '@alfa-cloud/contracts';

export const kindTitle = (kind: OperationKind): string => titleOf(kind).en;

/** What was to be done, as a rejected operation has it: the name of a command, or the kind of an operation that could not begin. */
export const commandTitle = (command: string): string => titleAskedFor(command).en;

/** Title of a step, also of one that no kind declares. */
export const stepTitle = (kind: OperationKind, step: string): string => wordsOfStep(kind, step).en;

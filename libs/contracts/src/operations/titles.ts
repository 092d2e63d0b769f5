import type { Descriptor } from './descriptor.ts';
import { commonSteps } from './common-steps.ts';
import { kindAskedFor, operationOf, type OperationName } from './kinds.ts';
import type { Words } from '../words/words.ts';

/** A kind in words. */
export const titleOf = (kind: OperationName): Words => operationOf(kind).title;

/** What was asked for in words, by the name of a command or of a kind. */
export const titleAskedFor = (name: string): Words => {
  const kind = kindAskedFor(name);
  return kind === null ? { en: `Command ${name}`, ru: `Команда ${name}` } : titleOf(kind);
};

/** A step in words; `wait-healthy`, which nobody declares, becomes `Wait healthy`. */
export const stepTitle = (kind: OperationName, step: string): Words => {
  const { steps, subject } = operationOf(kind);
  return own(steps, step) ?? own(formerSteps[subject] ?? {}, step) ?? spelt(step);
};

/** Streams of former versions may name steps that the kind has no more. */
const formerSteps: Partial<Record<Descriptor['subject'], Readonly<Record<string, Words>>>> = {
  client: commonSteps,
};

const own = (steps: Readonly<Record<string, Words>>, step: string): Words | undefined =>
  Object.hasOwn(steps, step) ? steps[step] : undefined;

const spelt = (step: string): Words => {
  const words = step.replaceAll(/[._-]+/g, ' ').trim();
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return { en: sentence, ru: sentence };
};

import type { TSchema } from 'typebox';

/** A schema with a pattern, with the sentence beside it and the example in that sentence's double quotes. */
export interface FoundPattern {
  schema: TSchema;
  pattern: string;
  description: string | undefined;
  example: string | undefined;
}

/** Every pattern anywhere within schemas. */
export const patternsOf = (value: unknown): FoundPattern[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(patternsOf);
  const { pattern, description } = value as Record<string, unknown>;
  if (typeof pattern !== 'string') return inner;
  const told = typeof description === 'string' ? description : undefined;
  const example = told === undefined ? undefined : /"([^"]+)"$/.exec(told)?.[1];
  return [{ schema: value, pattern, description: told, example }, ...inner];
};

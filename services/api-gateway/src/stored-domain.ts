import { asciiDomain } from '@alfa-cloud/contracts';

/** A host name that has passed validation, in the form in which commands carry it. */
export const storedDomain = (written: string): string => {
  const stored = asciiDomain(written);
  if (stored === null) throw new Error(`${JSON.stringify(written)} was taken for a host name`);
  return stored;
};

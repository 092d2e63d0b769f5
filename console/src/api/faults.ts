import { AlfaError } from '@alfa-cloud/client';

/** Nobody answered, or something on the way did in the place of Alfa Cloud. Pure. */
export const isAway = ({ status, code }: Pick<AlfaError, 'status' | 'code'>): boolean =>
  status === 0 || code === 'not_understood';

/** What is wrong with one attribute of the document that was sent; all of it, as a password may be weak in several ways. Pure. */
export const faultOfAttribute = (error: unknown, name: string): string | undefined => {
  if (!(error instanceof AlfaError)) return undefined;
  const faults = error.faults.filter(({ source }) => source?.pointer === `/data/attributes/${name}`);
  return faults.length === 0 ? undefined : faults.map(({ detail, title }) => detail ?? title).join('. ');
};

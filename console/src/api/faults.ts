import { AlfaError } from '@alfa-cloud/client';

type Told = Pick<AlfaError, 'status' | 'code'>;

/** Something on the way, such as a proxy, has refused in the place of Alfa Cloud. Pure. */
export const isRefusedOnTheWay = ({ status, code }: Told): boolean =>
  code === 'not_understood' && status >= 400 && status < 500;

/** Nobody answered, or something on the way did because Alfa Cloud is not there for it. Pure. */
export const isAway = (error: Told): boolean =>
  error.status === 0 || (error.code === 'not_understood' && !isRefusedOnTheWay(error));

/** Alfa Cloud itself has answered: what was asked for is decided. After any other fault it may still be done. Pure. */
export const isDecided = (error: Told): boolean => !isAway(error) && !isRefusedOnTheWay(error);

/** Alfa Cloud itself refused the credentials: a proxy's own 401 says nothing of them. Pure. */
export const areCredentialsRefused = (error: unknown): boolean =>
  error instanceof AlfaError && error.code === 'credentials_required';

/** What is wrong with one attribute of the document that was sent; all of it, as a password may be weak in several ways. Pure. */
export const faultOfAttribute = (error: unknown, name: string): string | undefined => {
  if (!(error instanceof AlfaError)) return undefined;
  const faults = error.faults.filter(({ source }) => source?.pointer === `/data/attributes/${name}`);
  return faults.length === 0 ? undefined : faults.map(({ detail, title }) => detail ?? title).join('. ');
};

/**
 * Does parts of a work at the same time. When one fails, the signal of the others is aborted with its error. Waits until all have ended, whatever becomes of them:
 * nothing is made any more when the clean-up begins.
 * @param signal of the whole work
 * @param begin begins the parts, with the signal that they heed
 * @returns their results
 * @throws what the first to fail has failed with
 */
export const allOf = async <Parts extends readonly unknown[] | []>(
  signal: AbortSignal,
  begin: (signal: AbortSignal) => { readonly [Index in keyof Parts]: Promise<Parts[Index]> },
): Promise<Parts> => {
  const failed = new AbortController();
  const parts = begin(AbortSignal.any([signal, failed.signal]));
  const all = Promise.all(parts) as unknown as Promise<Parts>;
  all.catch((error: unknown) => failed.abort(error));
  await Promise.allSettled(parts);
  return all;
};

/**
 * Waits until all have ended, also when one fails: nothing is made any more when the clean-up begins.
 * @returns their results
 * @throws what the first in the list that failed has failed with
 */
export const allOf = async <Work extends readonly Promise<unknown>[] | []>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

/**
 * The `code` of an error (`ENOENT`, `ECONNREFUSED`, …), if it has one.
 * Checks the shape and not the class: inside Jest, `instanceof Error` is false for errors of Node's own realm.
 */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** The `name` of an error, by which errors of our own libraries are distinguished across realms. */
export const errorName = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string'
    ? error.name
    : undefined;

/** The message of an error, or the text of whatever was thrown. */
export const errorMessage = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

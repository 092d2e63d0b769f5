/** Why a store could not be opened. */
export type StartupErrorCode =
  | 'directory_in_use'
  | 'not_an_event_store'
  | 'newer_format'
  | 'corrupt'
  | 'directory_not_usable'
  | 'address_not_usable';

/** The store did not start; `code` says why and nothing was changed or left open. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly code: StartupErrorCode;

  constructor(code: StartupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Limits of one call. */
export interface CallOptions {
  /** Aborting it ends the call with the signal's reason. */
  signal?: AbortSignal;
  /** Longest time of the call in ms. Each call has a default of its own. */
  deadlineMs?: number;
}

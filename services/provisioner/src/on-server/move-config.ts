/** What the operator may set about moves. */
export interface MoveConfig {
  /** For how long the former server keeps a client where nothing else is asked for, hours. */
  holdHours: number;
  /** Longest time of copying the storage or the database once, ms. */
  deadlineMs: number;
}

/** How far a mailbox was read: what has come later has a higher number, as long as the mailbox is the same. */
export interface Place {
  mailbox: string;
  newest: number;
}

/** A mailbox whose messages stay as they are. */
export interface Mailbox {
  /**
   * Reads what has come after a place, oldest first; without one, or in another mailbox than it tells of, what has come since `since`. Ends with
   * what `take` throws; the place of the last one that was taken is told by `taken`.
   * @throws Error when the mailbox can't be read within its deadline
   */
  read(options: {
    after: Place | null;
    since: Date;
    take: (source: Buffer) => Promise<void>;
    taken: (place: Place) => void;
    signal: AbortSignal;
  }): Promise<void>;
}

/** The value of a key at a revision. */
export interface BucketEntry {
  key: string;
  /** Raised by every change in the bucket. */
  revision: number;
  /** Null when the value was removed. */
  value: string | null;
}

/**
 * A key-value bucket (JetStream KV) that keeps one value a key and no history. A call made while NATS is unavailable waits for it, within its
 * deadline of 5 s; a call during which the connection breaks fails at once.
 * @throws MessagingUnavailable when NATS does not answer in time
 */
export interface Bucket {
  /** Null when the key never had a value. */
  get(key: string): Promise<BucketEntry | null>;
  /** Stores a value under a key that has none. @returns false when it has one */
  create(key: string, value: string): Promise<boolean>;
  /** Replaces the value. @returns false when the key has been changed since `revision` */
  update(key: string, value: string, revision: number): Promise<boolean>;
  /** Removes the value for good; only a marker remains. Idempotent. */
  purge(key: string): Promise<void>;
  /** Keys that have a value, the oldest change first. Deadline: 30 s. */
  keys(): Promise<string[]>;
  /** Calls back with the present entry of a key and with each later one; resumes after every outage. @returns a function that ends it */
  watch(key: string, onEntry: (entry: BucketEntry) => void): () => void;
  /** Calls back with every key whose value was or is removed; resumes after every outage. @returns a function that ends it */
  watchRemovals(onRemoved: (key: string) => void): () => void;
  /**
   * Calls back after NATS had lost the bucket with all that it held, and it was made again, empty. That is seen by the first call, and after
   * each reconnect.
   */
  onLost(listener: () => void): void;
}

/** Opens key-value buckets. */
export interface Buckets {
  /** Opens the bucket, and creates it when it does not exist. @throws MessagingUnavailable when NATS does not answer within 5 s */
  open(name: string): Promise<Bucket>;
}

/** Stores the sealed keys. */
export interface KeyStore {
  get(name: string): Promise<string | null>;
  /** @returns false when a key of this name exists */
  create(name: string, value: string): Promise<boolean>;
  /** Removes the key and all its former values. */
  destroy(name: string): Promise<void>;
  /** False for a name that this store has never held, so that a key which must be there is lost and not destroyed. */
  wasDestroyed(name: string): Promise<boolean>;
  /** Names of all keys, in the order in which they were stored. */
  names(): Promise<string[]>;
  /** Calls back when any process destroys a key, so that copies in memory are dropped. */
  onDestroyed(listener: (name: string) => void): void;
  /** Calls back when the store has lost all keys. */
  onLost(listener: () => void): void;
}

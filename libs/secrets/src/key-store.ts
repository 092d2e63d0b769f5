/** Where the sealed keys lie. */
export interface KeyStore {
  get(name: string): Promise<string | null>;
  /** @returns false when there is one already */
  create(name: string, value: string): Promise<boolean>;
  /** Removes the key and all its former values. */
  destroy(name: string): Promise<void>;
  /** Names of all keys that are there, the one stored first before the others. */
  names(): Promise<string[]>;
  /** Calls back when a key is destroyed by anybody, so that no copy of it is kept in memory. */
  onDestroyed(listener: (name: string) => void): void;
}

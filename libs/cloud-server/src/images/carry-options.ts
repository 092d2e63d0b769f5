/** How far an image is on its way. */
export interface CarryProgress {
  /** `reading`: from the engine that has it; `sending`: to the one that wants it. */
  phase: 'reading' | 'sending';
  bytes: number;
  /** An estimate while it is read. */
  totalBytes: number;
}

export interface CarryOptions {
  signal: AbortSignal;
  /** Longest time of each of reading and sending, ms. */
  deadlineMs: number;
  onProgress?: (progress: CarryProgress) => void;
  /** Asked before anything is sent; what it throws ends it. */
  beforeSending?: (bytes: number) => Promise<void>;
}

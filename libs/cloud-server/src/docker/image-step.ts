/** An instruction by which an image was made. */
export interface ImageStep {
  /** As Docker writes it: `/bin/sh -c #(nop) COPY file:… in /app`. */
  instruction: string;
  /** What its layer holds, in bytes; 0 also for one that makes no layer. */
  sizeBytes: number;
}

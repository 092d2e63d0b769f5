/** What is used of the package, which has no types of its own. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  interface Header {
    name: string;
    size?: number;
    type?: 'file' | 'link' | 'symlink' | 'directory' | null;
    linkname?: string | null;
    mode?: number;
    mtime?: Date;
  }
  interface Pack extends Readable {
    entry(header: Header, content: string | Buffer, done: (error?: Error | null) => void): Writable;
    entry(header: Header, done: (error?: Error | null) => void): Writable;
    finalize(): void;
  }
  interface Extract extends Writable {
    on(
      event: 'entry',
      listener: (header: Header, content: Readable, next: (error?: unknown) => void) => void,
    ): this;
    on(event: string, listener: (...args: never[]) => void): this;
  }
  export const pack: () => Pack;
  export const extract: () => Extract;
}

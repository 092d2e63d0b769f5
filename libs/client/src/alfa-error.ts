import type * as types from './client-types.ts';
import type { Told } from './wire-types.ts';

/** Whatever went wrong; see `client-types.ts`. */
export class AlfaError extends Error implements types.AlfaError {
  override readonly name = 'AlfaError';
  readonly code: string;
  readonly status: number;
  readonly faults: readonly types.Fault[];
  readonly retryAfter: number | null;
  readonly requestId: string | null;

  constructor(code: string, text: string, { cause, ...told }: Told = {}) {
    super(text, { cause });
    this.code = code;
    this.status = told.status ?? 0;
    this.faults = told.faults ?? [];
    this.retryAfter = told.retryAfter ?? null;
    this.requestId = told.requestId ?? null;
  }

  get pointers(): string[] {
    return this.faults.map(({ source }) => source?.pointer).filter((pointer) => pointer !== undefined);
  }

  get isPassing(): boolean {
    const { code, status } = this;
    if (code === 'not_reached' || code === 'timeout' || status === 429) return true;
    return status >= 500 && status !== 501;
  }
}

/** By name: a page may hold two copies of this file. */
export const isAlfaError = (error: unknown): error is AlfaError =>
  error instanceof Error && error.name === 'AlfaError';

/** Nothing answered. */
export const notReached = (cause: unknown) =>
  new AlfaError('not_reached', 'Alfa Cloud can not be reached', { cause });

/** One fault of an answer, as JSON:API has it. */
export interface ApiFault {
  code: string;
  title: string;
  detail?: string;
  source?: { pointer?: string; parameter?: string; header?: string };
  meta?: Record<string, unknown>;
}

/** A request that was refused, or that nobody answered (`status` 0, code `not_reached`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly faults: readonly ApiFault[];
  /** To be found in the log of Alfa Cloud; null when no answer came. */
  readonly requestId: string | null;

  constructor(status: number, faults: readonly ApiFault[], requestId: string | null) {
    const [first] = faults;
    super(first?.detail ?? first?.title ?? `status ${status}`);
    this.status = status;
    this.faults = faults;
    this.requestId = requestId;
  }

  get code(): string {
    return this.faults[0]?.code ?? `status_${this.status}`;
  }

  get isAway(): boolean {
    return this.status === 0;
  }

  /** What is wrong with one attribute of the document that was sent. */
  ofAttribute(name: string): string | undefined {
    return this.faults.find(({ source }) => source?.pointer === `/data/attributes/${name}`)?.detail;
  }
}

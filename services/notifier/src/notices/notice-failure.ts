import type { Message } from '@alfa-cloud/contracts';

/** Why a notice could not be handed over. `final`: another attempt would fail as well. */
export class NoticeFailure extends Error {
  override name = 'NoticeFailure';
  readonly kind: 'final' | 'transient';
  readonly code: string;
  readonly words: Message;

  constructor(kind: 'final' | 'transient', code: string, words: Message, options?: ErrorOptions) {
    super(code, options);
    this.kind = kind;
    this.code = code;
    this.words = words;
  }
}

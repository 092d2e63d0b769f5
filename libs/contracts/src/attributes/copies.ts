import { Type, type Static } from 'typebox';
import { closed, Id, passwordText, Sealed, Slug } from '../values/primitives.ts';

/** Longest SQL by which a copy is masked, characters. */
export const maskingSqlMax = 65_536;

/** Attributes of `POST /clients/{id}/copy_to`; the rest of the request stands in its query. */
export const CopyAttributes = closed({
  /**
   * Run in the database of the copy, by the copy's own account, before its first start. It may be run twice, when a worker dies in the middle.
   * Default: nothing is masked.
   */
  maskingSql: Type.Optional(Type.String({ minLength: 1, maxLength: maskingSqlMax })),
  /** Password of the owner's account in the copy. Default: one is made; of a copy that is refreshed, the one that it has. */
  ownerPassword: Type.Optional(passwordText({ minLength: 8, maxLength: 200 })),
});
export type CopyAttributes = Static<typeof CopyAttributes>;

const secret = Type.Optional(Sealed);

/** What a copy is asked for with, besides its source. Secrets are sealed with the transport key. */
export const copyParameters = {
  /** A server of role stage. */
  targetServer: Id,
  /** Default: that of the source with `-stage` behind it. */
  slug: Type.Optional(Slug),
  /** True: what a copy that is there holds may be lost. Default false. */
  confirm: Type.Optional(Type.Boolean()),
  maskingSql: secret,
  ownerPassword: secret,
};

/** What a copy that is there is refreshed with. */
export const refreshParameters = { sourceClientId: Id, maskingSql: secret };

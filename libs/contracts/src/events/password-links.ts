import { Type, type Static } from 'typebox';
import { closed, Id, Instant } from '../values/primitives.ts';

/**
 * A link in a mail that shows a password once, on a stream of its own that is named by the SHA-256 of its token. Neither the token nor the
 * password stands here.
 */
export const passwordLinkEvents = {
  /** Stands in a mail that is about to be sent. Written again when the mail is attempted anew: then the newest one is in force. */
  PasswordLinkIssued: closed({
    clientId: Id,
    mailId: Id,
    /** From this moment on it shows nothing. */
    expiresAt: Instant,
    /** Revision, in the client's stream, of the event that has set the password. Another one there: the password was changed since. */
    passwordRevision: Type.Integer({ minimum: 0 }),
  }),
  /** It has shown the password, and shows it to nobody else. */
  PasswordLinkOpened: closed({ clientId: Id, mailId: Id }),
};

export type PasswordLinkEvent = {
  [Name in keyof typeof passwordLinkEvents]: {
    type: Name;
    data: Static<(typeof passwordLinkEvents)[Name]>;
  };
}[keyof typeof passwordLinkEvents];

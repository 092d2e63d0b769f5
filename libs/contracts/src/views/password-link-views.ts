import type { Locale } from '../values/primitives.ts';

/** What a link shows now. `changed`: the password was set anew since the mail was sent, and is not for whoever has that mail. */
export type PasswordLinkStatus = 'ready' | 'used' | 'expired' | 'changed' | 'unknown';

/** A link as its page needs it. */
export interface PasswordLinkView {
  status: PasswordLinkStatus;
  /** Of the client; null for an unknown link. */
  locale: Locale | null;
  /** Who the page speaks for; absent texts are empty. */
  brand: { name: string; supportEmail: string };
}

/** What a link shows, once. */
export interface ShownPassword {
  login: string;
  password: string;
  /** Address of the client's cloud; null when it is not known at the moment. */
  cloudUrl: string | null;
}

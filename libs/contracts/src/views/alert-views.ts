import type { AlertCode } from '../events/alerts.ts';
import type { Message } from '../words/message.ts';

/** Read model of an alert. */
export interface AlertView {
  id: string;
  /** Null: about Alfa Cloud itself. */
  serverId: string | null;
  code: AlertCode;
  /** Path of the disk; null where the code says all. */
  about: string | null;
  /** What was measured when it was raised, in English. */
  reason: string;
  /** The same for every language. */
  message?: Message;
  /** When it began. */
  since: string;
  /** When it had lasted long enough. */
  raisedAt: string;
  /** Null while it is raised; removing the server clears it. */
  clearedAt: string | null;
}

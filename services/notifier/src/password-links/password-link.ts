import type { PasswordLinkEvent, PasswordLinkStatus } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';

type DataOf<Type extends PasswordLinkEvent['type']> = Extract<PasswordLinkEvent, { type: Type }>['data'];

export type PasswordLink =
  | { status: 'absent' }
  | { status: 'issued'; issued: DataOf<'PasswordLinkIssued'> }
  | { status: 'opened'; issued: DataOf<'PasswordLinkIssued'> };

/** @param passwordRevision of the password in force; null: its client is gone */
export interface Moment {
  now: Date;
  passwordRevision: number | null;
}

export type PasswordLinkCommand =
  | ({ type: 'issue'; lifetimeMs: number } & Pick<
      DataOf<'PasswordLinkIssued'>,
      'clientId' | 'mailId' | 'passwordRevision'
    > & { now: Date })
  | ({ type: 'open' } & Moment);

/** A mail attempted again has its link issued anew when less than this share of the link's time is left. */
const freshShare = 0.9;

/** Decides on a link. Of several that open it, the expected revision lets one do so. */
export const passwordLinkDecider: Decider<PasswordLink, PasswordLinkCommand, PasswordLinkEvent> = {
  initialState: () => ({ status: 'absent' }),
  evolve(link, event) {
    if (event.type === 'PasswordLinkIssued') return { status: 'issued', issued: event.data };
    return link.status === 'absent' ? link : { status: 'opened', issued: link.issued };
  },
  decide(command, link) {
    if (command.type === 'open') {
      if (link.status !== 'issued' || statusOf(link, command) !== 'ready') return [];
      const { clientId, mailId } = link.issued;
      return [{ type: 'PasswordLinkOpened', data: { clientId, mailId } }];
    }
    const { now, lifetimeMs, clientId, mailId, passwordRevision } = command;
    // What was opened stays so: a mail that arrives once more has no second showing.
    if (link.status === 'opened') return [];
    if (link.status === 'issued' && link.issued.passwordRevision === passwordRevision) {
      const leftMs = Date.parse(link.issued.expiresAt) - now.getTime();
      if (leftMs >= lifetimeMs * freshShare) return [];
    }
    const expiresAt = new Date(now.getTime() + lifetimeMs).toISOString();
    return [{ type: 'PasswordLinkIssued', data: { clientId, mailId, expiresAt, passwordRevision } }];
  },
};

/** What a link shows at a moment. Pure. */
export const statusOf = (link: PasswordLink, { now, passwordRevision }: Moment): PasswordLinkStatus => {
  if (link.status === 'absent') return 'unknown';
  if (link.status === 'opened') return 'used';
  if (passwordRevision === null || Date.parse(link.issued.expiresAt) <= now.getTime()) return 'expired';
  return passwordRevision === link.issued.passwordRevision ? 'ready' : 'changed';
};

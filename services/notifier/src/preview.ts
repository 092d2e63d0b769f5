import { message, reject } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { errorName, type Clock } from '@alfa-cloud/service-kit';
import { loadClientFacts, openPersonal } from './clients/load-client.ts';
import { mailFacts, type PrepareDeps } from './outbox/prepare-mail.ts';
import { passwordPageUrl } from './password-links/password-in-mail.ts';
import type { MailFacts } from './templates/values.ts';

/** Stands where a mail has the password. */
const hidden = '••••••••';

/** Shows a mail as it would be sent now, from the same template and the same values. The password is not opened. */
export const previewQueries = (deps: PrepareDeps & { clock: Clock }): Pick<QueryHandlers, 'PreviewMail'> => ({
  async PreviewMail({ clientId, template, locale: wanted }) {
    const facts = await loadClientFacts(deps.store, clientId);
    if (facts === null) throw reject('not_found', message`Client ${clientId} does not exist`);
    if (facts.status === 'deleted') throw reject('gone', message`This client was deleted`);
    try {
      const personal = await openPersonal(deps.vault, facts);
      const known = await mailFacts(deps, facts, deps.clock());
      const locale = wanted ?? facts.locale;
      const values = { ...known, locale, name: personal.name, login: personal.ownerLogin };
      const access = template === 'success' ? hiddenAccess(deps, deps.clock()) : {};
      const mail = deps.render(template, { ...values, ...access });
      return { result: { ...mail, locale } };
    } catch (error) {
      if (errorName(error) === 'MailFailure') {
        throw reject('unavailable', message`The address of the cloud could not be asked for`);
      }
      if (errorName(error) === 'KeyDestroyed') {
        throw reject('client_key_lost', message`The personal data of the client can not be read any more`);
      }
      throw error;
    }
  },
});

/** No link is issued by a look at a mail. */
const hiddenAccess = (
  { passwords, rules }: PrepareDeps,
  now: Date,
): Pick<MailFacts, 'password' | 'passwordLink'> => {
  if (passwords.kind === 'mail') return { password: hidden };
  const until = new Date(now.getTime() + passwords.lifetimeMs);
  const url = passwordPageUrl(passwords.publicUrl, hidden);
  return { passwordLink: { url, until, timeZone: rules.timeZone } };
};

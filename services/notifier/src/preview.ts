import { message, reject } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { errorName, type Clock } from '@alfa-cloud/service-kit';
import { loadClientFacts, openPersonal } from './clients/load-client.ts';
import { mailFacts, type PrepareDeps } from './outbox/prepare-mail.ts';

/** Stands where a mail has the password. */
const hidden = '••••••••';

/** Shows a mail as it would be sent now, from the same template and the same values. The password is not opened. */
export const previewQueries = (deps: PrepareDeps & { clock: Clock }): Pick<QueryHandlers, 'PreviewMail'> => ({
  async PreviewMail({ clientId, template }) {
    const facts = await loadClientFacts(deps.store, clientId);
    if (facts === null) throw reject('not_found', message`Client ${clientId} does not exist`);
    if (facts.status === 'deleted') throw reject('gone', message`This client was deleted`);
    try {
      const personal = await openPersonal(deps.vault, facts);
      const known = await mailFacts(deps, facts, deps.clock());
      const values = { ...known, name: personal.name, login: personal.ownerLogin };
      const mail = deps.render(template, template === 'success' ? { ...values, password: hidden } : values);
      return { result: { ...mail, locale: facts.locale } };
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

import { message, reject, retryMail } from '@alfa-cloud/contracts';
import type { Implementation } from '@alfa-cloud/operations';
import { decideOnMail, loadMail, type DeliverDeps } from '../outbox/deliver.ts';
import { attemptMail, type OneMail } from './mail-operation.ts';

/** A mail that waits or was given up, from the beginning of its time. */
export const retryOneMail = (deps: DeliverDeps): Implementation<OneMail, typeof retryMail> => ({
  operation: retryMail,
  async begin({ data: { mailId, clientId }, operationId, cause }) {
    const { state } = await loadMail(deps.store, mailId);
    if (state.status === 'absent' || state.mail.request.clientId !== clientId) {
      throw reject('not_found', message`There is no such mail`);
    }
    const command = { type: 'retry', operationId, now: deps.clock() } as const;
    await decideOnMail(deps.store, { mailId, cause, command, key: operationId });
    return { ...attemptMail(deps, retryMail, { mailId, clientId, cause }), parameters: { mailId } };
  },
});

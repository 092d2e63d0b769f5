import { mailIdOf, sendExpire, sendSuccess, type MailTemplate } from '@alfa-cloud/contracts';
import type { Implementation } from '@alfa-cloud/operations';
import { decideOnMail, loadMail, type DeliverDeps } from '../outbox/deliver.ts';
import { attemptMail, refuseUnlessActive, type OneMail } from './mail-operation.ts';

type Asked = Pick<OneMail, 'clientId'>;

/** A mail for the asking: one for each command, whatever mails of the kind there were before. */
const sendMail =
  <Of extends typeof sendSuccess | typeof sendExpire>(operation: Of, template: MailTemplate) =>
  (deps: DeliverDeps): Implementation<Asked, Of> => ({
    operation,
    async begin({ data: { clientId }, command, operationId, cause }) {
      const mailId = mailIdOf(clientId, template, command.id);
      const { state } = await loadMail(deps.store, mailId);
      if (state.status === 'absent') await refuseUnlessActive(deps, clientId);
      const request = { mailId, clientId, operationId, template, origin: 'request' } as const;
      await decideOnMail(deps.store, {
        mailId,
        cause,
        command: { type: 'request', request },
        key: operationId,
      });
      return attemptMail(deps, operation, { mailId, clientId, cause });
    },
  });

export const sendSuccessMail = sendMail(sendSuccess, 'success');
export const sendExpireMail = sendMail(sendExpire, 'expire');

import { deriveId, message, type Language } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { errorName, type Clock } from '@alfa-cloud/service-kit';
import type { MailFailure, MailTransport } from '../transport/mail-transport.ts';
import { post, type PostOptions } from '../webhooks/post.ts';
import { signed } from '../webhooks/sign.ts';
import { readWebhooks } from '../webhooks/webhooks.ts';
import type { Channel } from './deliver-notice.ts';
import type { NoticeData } from './notice.ts';
import { NoticeFailure } from './notice-failure.ts';
import { noticeMail } from './notice-mail.ts';

/** Longest wait of a mail for its turn: 10 min. */
const turnMs = 10 * 60_000;

/** One of the administrator's addresses as a recipient; the address itself stands in no event. */
export const mailRecipientId = (address: string): string =>
  deriveId('notices by mail', address.toLowerCase());

/** To webhooks, signed with the secret of each. */
export const webhookChannel = (
  { store, vault, clock }: { store: EventStore; vault: Pick<Vault, 'open'>; clock: Clock },
  options: PostOptions,
): Channel => ({
  deadlineMs: options.deadlineMs,
  async send({ noticeId, recipient, type, at, data }) {
    const found = (await readWebhooks(store)).find(({ webhook }) => webhook.webhookId === recipient.id);
    if (found === undefined) {
      throw new NoticeFailure('final', 'webhook_gone', message`The webhook does not exist any more`);
    }
    const { url, sealedUrl, active, secret } = found.webhook;
    if (!active && type !== 'test') {
      throw new NoticeFailure('final', 'webhook_off', message`The webhook is switched off`);
    }
    const body = JSON.stringify({ type, timestamp: at, data });
    const headers = { ...signed(await opened(vault, secret), noticeId, clock(), body) };
    const address = sealedUrl === undefined ? url : await opened(vault, sealedUrl);
    return String(await post(address, { headers, body }, options));
  },
});

const opened = async (vault: Pick<Vault, 'open'>, secret: string): Promise<string> => {
  try {
    return await vault.open(secret);
  } catch (error) {
    if (errorName(error) !== 'KeyDestroyed') throw error;
    const words = message`Secret and address of the webhook can not be read any more: set others`;
    throw new NoticeFailure('final', 'webhook_secret_lost', words, { cause: error });
  }
};

/** To the administrator's addresses. */
export const mailChannel = (
  transport: MailTransport,
  { emails, language, clock }: { emails: readonly string[]; language: Language; clock: Clock },
): Channel => ({
  // Its turn may have to be waited for.
  deadlineMs: transport.deadlineMs + turnMs,
  async send(notice: NoticeData, signal: AbortSignal) {
    const address = emails.find((each) => mailRecipientId(each) === notice.recipient.id);
    if (address === undefined) {
      throw new NoticeFailure(
        'final',
        'address_gone',
        message`The address is none of ALFA_ALERT_EMAILS any more`,
      );
    }
    const { noticeId: mailId } = notice;
    const mail = { ...noticeMail(notice, language), mailId, messageId: `<${mailId}@${transport.domain}>` };
    try {
      const send = () => transport.send({ ...mail, to: { name: '', address }, at: clock() });
      const until = AbortSignal.any([signal, AbortSignal.timeout(turnMs)]);
      return (await transport.inTurn(send, until)).answer;
    } catch (error) {
      if (errorName(error) !== 'MailFailure') throw error;
      const { kind, failure } = error as MailFailure;
      const { code, words } = failure;
      throw new NoticeFailure(kind === 'final' ? 'final' : 'transient', code, words, { cause: error });
    }
  },
});

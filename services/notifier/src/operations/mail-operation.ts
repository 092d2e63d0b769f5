import {
  message,
  messageOf,
  messageInWords,
  type Message,
  type OperationOf,
  reject,
} from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import { inOrder, StepFailure, type Begun } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import { loadClientFacts } from '../clients/load-client.ts';
import { deliverMail, loadMail, type Delivered, type DeliverDeps } from '../outbox/deliver.ts';
import type { MailState } from '../outbox/mail-state.ts';

/** Which mail an operation is about. */
export interface OneMail {
  mailId: string;
  clientId: string;
}

export type MailOperation = OperationOf<'client.send_success' | 'client.send_expire' | 'client.retry_mail'>;

/** Longest time that a mail waits for its turn besides the hand-over, ms. */
const turnMs = 10 * 60_000;

/** An operation that attempts a mail once. A failure that passes ends it well: the mail goes on being tried without it. */
export const attemptMail = (
  deps: DeliverDeps,
  operation: MailOperation,
  { mailId, clientId, cause }: OneMail & { cause: Cause },
): Begun<OneMail> => ({
  target: { type: 'client', id: clientId },
  ids: { clientId, mailId },
  servers: [],
  steps: inOrder<OneMail>(operation, {
    send: {
      deadlineMs: deps.transport.deadlineMs + turnMs,
      attempts: 1,
      async act(_context, { signal }) {
        const delivered = await attempted(deps, { mailId, cause, signal });
        if (delivered.status !== 'failed') return messageInWords('en', toldOf(delivered));
        throw new StepFailure('final', delivered.failure.code, messageOf(delivered.failure));
      },
    },
  }),
  load: async () => ({ context: { mailId, clientId }, redact: (text) => text }),
  conclude: async (_context, { status }) =>
    status === 'error' ? {} : resultOf((await loadMail(deps.store, mailId)).state, mailId),
});

/** Between two looks at a mail that another worker has in hand, ms. */
const lookMs = 300;

/** Attempts the mail; where another worker was first, waits for what becomes of it, for as long as that one may take. */
const attempted = async (deps: DeliverDeps, mail: Parameters<typeof deliverMail>[1]): Promise<Delivered> => {
  const waitMs = deps.transport.deadlineMs;
  for (const began = performance.now(); ;) {
    const delivered = await deliverMail(deps, mail);
    if (delivered.status !== 'busy' || performance.now() - began > waitMs) return delivered;
    await sleep(lookMs, mail.signal);
  }
};

const toldOf = (delivered: Exclude<Delivered, { status: 'failed' }>): Message => {
  switch (delivered.status) {
    case 'sent':
      return delivered.transport === 'smtp'
        ? message`The mail server has taken it: ${delivered.answer}`
        : message`No mail server is configured (ALFA_SMTP_URL): written to the file ${delivered.answer} in the outbox`;
    case 'waiting':
      return delivered.failure === null
        ? message`It waits for its turn`
        : message`${messageOf(delivered.failure)}; it is tried again until it succeeds or is given up`;
    case 'busy':
      return message`Another worker has it in hand`;
    default:
      return delivered satisfies never;
  }
};

/** What the operation ends with: where the mail is by now. */
const resultOf = (state: MailState, mailId: string): Record<string, unknown> => {
  if (state.status === 'sent') {
    const { transport, answer, messageId } = state.sent;
    return { mailId, mail: 'sent', transport, answer, messageId };
  }
  if (state.status === 'waiting') {
    const { dueAt, failure } = state;
    return {
      mailId,
      mail: 'waiting',
      nextAttemptAt: dueAt,
      ...(failure === null ? {} : { code: failure.code }),
    };
  }
  return { mailId, mail: state.status === 'attempting' ? 'sending' : state.status };
};

/** @throws Rejection unless the client is one that gets mails */
export const refuseUnlessActive = async (
  { store }: Pick<DeliverDeps, 'store'>,
  clientId: string,
): Promise<void> => {
  const facts = await loadClientFacts(store, clientId);
  if (facts === null) throw reject('not_found', message`Client ${clientId} does not exist`);
  if (facts.status === 'deleted') throw reject('gone', message`This client was deleted`);
  if (facts.status !== 'active') throw reject('client_not_active', message`The client is ${facts.status}`);
};

import { mailIdOf, type ClientEvent, type MailEvent, type MailView } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/**
 * A mail as it is stored. `wanted`: its client was created with it and nobody has requested it yet; told only to the notifier, since clients
 * of a version without mails have such ones too.
 */
export interface StoredMail {
  wanted: boolean;
  view: MailView;
}

const begun = (
  data: Pick<MailView, 'id' | 'clientId' | 'template' | 'origin'> & Partial<MailView>,
  at: string,
): MailView => ({
  status: 'waiting',
  attempts: 0,
  messageId: null,
  transport: null,
  answer: null,
  failure: null,
  dueAt: at,
  warning: null,
  operationId: null,
  requestedAt: at,
  sentAt: null,
  ...data,
});

/** The mail that is due when a client that was to get one has become ready. Pure. */
export const mailOfCreation = ({
  data: { clientId, operationId },
  metadata,
}: RecordedEvent<Extract<ClientEvent, { type: 'ClientCreated' }>>): StoredMail => {
  const id = mailIdOf(clientId, 'success', operationId);
  return {
    wanted: true,
    view: begun({ id, clientId, template: 'success', origin: 'creation' }, metadata.at),
  };
};

/**
 * The mail after one more event. Pure.
 * @param current null before its first event
 * @returns null when the event speaks of a mail that was never requested
 */
export const projectMail = (
  current: StoredMail | null,
  { type, data, metadata }: RecordedEvent<MailEvent>,
): StoredMail | null => {
  if (type === 'MailRequested') {
    const { mailId: id, clientId, template, origin, warning = null, operationId = null } = data;
    return {
      wanted: false,
      view: begun({ id, clientId, template, origin, warning, operationId }, metadata.at),
    };
  }
  if (current === null) return null;
  return { wanted: false, view: { ...current.view, ...changeOf(type, data, metadata.at) } };
};

type Later = Exclude<MailEvent, { type: 'MailRequested' }>;

const changeOf = (type: Later['type'], data: Later['data'], at: string): Partial<MailView> => {
  const event = { type, data } as Later;
  switch (event.type) {
    case 'MailAttempted':
      return { status: 'sending', attempts: event.data.attempt, dueAt: event.data.until };
    case 'MailSent': {
      const { messageId, transport, answer } = event.data;
      return { status: 'sent', messageId, transport, answer, failure: null, dueAt: null, sentAt: at };
    }
    case 'MailFailed':
      return { status: 'waiting', failure: failureOf(event.data), dueAt: event.data.nextAttemptAt };
    case 'MailGivenUp':
      return { status: 'failed', failure: failureOf(event.data), dueAt: null };
    case 'MailBounced':
      return { status: 'bounced', failure: failureOf(event.data), dueAt: null };
    case 'MailRetryRequested':
      return { status: 'waiting', dueAt: at, operationId: event.data.operationId };
    default:
      return event satisfies never;
  }
};

type Failure = NonNullable<MailView['failure']>;

const failureOf = ({ code, reason, message }: Failure): Failure => ({
  code,
  reason,
  ...(message === undefined ? {} : { message }),
});

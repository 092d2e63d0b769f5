import { simpleParser, type Attachment } from 'mailparser';
import { conforms, deriveId, Id } from '@alfa-cloud/contracts';
import { withoutAddresses } from '../transport/smtp-failure.ts';

/** What a mail server tells of a mail that it had taken (RFC 3464). */
export interface DeliveryReport {
  /** Follows from the message that tells it. */
  notificationId: string;
  /** By what it says the mail is one of ours: id, and Message-ID where it tells one. */
  mail: { mailId: string; messageId: string | null } | null;
  /** `failed`: it will not be delivered. Anything else, like `delayed`, is no end. */
  action: string;
  /** Enhanced status code like `5.1.1`; empty where there is none. */
  status: string;
  /** What the server said, without addresses. */
  diagnostic: string;
}

/** Null for a message that is no report of a delivery, or can't be read. Whatever stands in it was written by somebody else. */
export const deliveryReportIn = async (source: Buffer): Promise<DeliveryReport | null> => {
  const parsed = await simpleParser(source, {
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  }).catch(() => null);
  if (parsed === null) return null;
  const { attachments, messageId } = parsed;
  const report = attachments.find(({ contentType }) => contentType === 'message/delivery-status');
  if (report === undefined) return null;
  const [aboutMail, ...recipients] = textOf(report)
    .split(/(?:\r?\n){2,}/)
    .map(fieldsOf)
    .filter(({ size }) => size > 0);
  const told = recipients.find((each) => actionOf(each) === 'failed') ?? recipients[0];
  if (aboutMail === undefined || told === undefined) return null;
  return {
    notificationId: deriveId('delivery report', messageId ?? source.toString('latin1')),
    mail: mailOf(returnedMessageId(attachments), aboutMail.get('original-envelope-id')),
    action: actionOf(told),
    // Of the field the code alone, whatever else somebody has written there.
    status: /^[245]\.\d{1,3}\.\d{1,3}/.exec(told.get('status') ?? '')?.[0] ?? '',
    diagnostic: withoutAddresses((told.get('diagnostic-code') ?? '').replace(/^[\w-]+;\s*/, '')),
  };
};

const textOf = ({ content }: Attachment): string => content.toString('utf8');

const actionOf = (fields: ReadonlyMap<string, string>): string => (fields.get('action') ?? '').toLowerCase();

/** Fields by their names in small letters; continued lines are joined. */
const fieldsOf = (block: string): ReadonlyMap<string, string> =>
  new Map(
    block
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .flatMap((line) => {
        const [, name] = /^([\w-]+):/.exec(line) ?? [];
        return name === undefined ? [] : [[name.toLowerCase(), line.slice(name.length + 1).trim()] as const];
      }),
  );

/** The mail itself, or its header, comes back with the report. */
const returnedMessageId = (attachments: readonly Attachment[]): string | undefined => {
  const returned = attachments.find(({ contentType }) =>
    ['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/rfc822-headers'].includes(
      contentType,
    ),
  );
  if (returned === undefined) return undefined;
  const [head = ''] = textOf(returned).split(/(?:\r?\n){2}/);
  return fieldsOf(head).get('message-id');
};

/** Both are made of the mail's id when it is sent. */
const mailOf = (messageId: string | undefined, envelopeId: string | undefined): DeliveryReport['mail'] => {
  const within = /^<([^@<>\s]+)@[^@<>\s]+>$/.exec(messageId ?? '')?.[1];
  if (messageId !== undefined && conforms(Id, within)) return { mailId: within, messageId };
  return conforms(Id, envelopeId) ? { mailId: envelopeId, messageId: null } : null;
};

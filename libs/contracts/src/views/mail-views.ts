import { mailOrigins, mailTemplates } from '../attributes/mails.ts';
import type { Reason } from '../words/reason.ts';
import { count, day, moment, oneOf, orNull, part, reasonOrNull, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

export const mailStatuses = ['waiting', 'sending', 'sent', 'failed', 'bounced'] as const;
export type MailStatus = (typeof mailStatuses)[number];

export const mailResource = defineResource({
  type: 'mails',
  title: { en: 'Mail', ru: 'Письмо' },
  description: 'A mail to a client and what became of it; neither an address nor its text stands in it.',
  attributes: {
    template: oneOf(
      mailTemplates,
      'What it is about. `success`: the cloud is ready. `expire`: the time of use is about to end.',
    ),
    origin: oneOf(mailOrigins, 'Why it is sent. `creation`: its client was created with `sendSuccess`.'),
    status: oneOf(
      mailStatuses,
      'How far it is. `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up. `bounced`: it came back.',
    ),
    attempts: count('How often it was tried.', 1),
    messageId: orNull(text('Its Message-ID; null until it was sent.', '<5b2c4f0e@alfa.example.org>')),
    transport: orNull(
      oneOf(
        ['smtp', 'file'],
        'Where it went. `file`: no mail server is configured, so it was written below the data directory; null until it was sent.',
      ),
    ),
    answer: orNull(
      text(
        'What the mail server said, without addresses, or the name of the file; null: nothing yet.',
        '250 2.0.0 Ok',
      ),
    ),
    failure: reasonOrNull(
      'Why the newest attempt failed, why it was given up, or why it came back; null: none of it.',
    ),
    dueAt: orNull(
      moment('When it is tried again, or its worker counts as dead; null when it has come to an end.'),
    ),
    warning: orNull(
      part(
        {
          expireDate: day('Last day of use that it warns of.'),
          thresholdDays: count('For how many days before that day it was due.', 14),
        },
        'Of a warning by schedule; null for any other mail.',
      ),
    ),
    requestedAt: moment('When it was asked for.'),
    sentAt: orNull(moment('When it was sent; null before.')),
  },
  relationships: {
    client: { to: 'clients', description: 'The client that it goes to.' },
    operation: { to: 'operations', description: 'The newest operation that has asked for it; null: none.' },
  },
});

/** A mail and what became of it. */
export interface MailView extends Omit<AttributesOf<typeof mailResource>, 'failure'> {
  id: string;
  clientId: string;
  /** Why the newest attempt failed, why it was given up, or why it came back. */
  failure: Reason | null;
  /** The newest operation that has asked for it. */
  operationId: string | null;
}

export const mailPreviewResource = defineResource({
  type: 'mail-previews',
  title: { en: 'Preview of a mail', ru: 'Просмотр письма' },
  description: 'A mail as the client would get it now; a password is never shown.',
  id: text('Id of the client and name of the template.', '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90.success'),
  attributes: {
    subject: text('Subject.', 'Your cloud is ready'),
    html: text('Text as HTML.', '<p>Good day!</p>'),
    text: text('Text without form.', 'Good day!'),
    locale: oneOf(['ru', 'en'], 'Its language.'),
  },
});

/** A mail as it would be sent now. The password is never shown. */
export type MailPreview = AttributesOf<typeof mailPreviewResource>;

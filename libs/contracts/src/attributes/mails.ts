import { Type, type Static } from 'typebox';

/** What a mail is about. `success`: the cloud is ready, with address, login and password. `expire`: the time of use is about to end. */
export const mailTemplates = ['success', 'expire'] as const;
export const MailTemplate = Type.Enum([...mailTemplates]);
export type MailTemplate = (typeof mailTemplates)[number];

/** Why a mail is sent. `creation`: its client was created with `sendSuccess`. */
export const mailOrigins = ['request', 'creation', 'schedule'] as const;
export const MailOrigin = Type.Enum([...mailOrigins]);
export type MailOrigin = (typeof mailOrigins)[number];

/** Where mails go. `file`: no mail server is configured, so they are written below the data directory. */
export const MailTransportKind = Type.Union([Type.Literal('smtp'), Type.Literal('file')]);
export type MailTransportKind = Static<typeof MailTransportKind>;

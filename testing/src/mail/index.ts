export { startDovecot, type Dovecot } from './dovecot.ts';
export { startMailServer, type MailServer, type Received } from './mail-server.ts';
export { startPostfix, type Postfix } from './postfix.ts';
export { dkimFault } from './verify-dkim.ts';

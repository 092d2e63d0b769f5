export { startMailServer, type MailServer, type Received } from './mail-server.ts';
export { dkimFault } from './verify-dkim.ts';

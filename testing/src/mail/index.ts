export { startMailServer, type MailServer, type Received } from './mail-server.ts';

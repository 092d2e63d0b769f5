import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { Sender } from '../transport/compose.ts';
import { isAddress } from './address.ts';
import { readReturnPath } from './bounces.ts';

const form = /^(?:(.*\S)\s*<([^<>\s]+)>|([^<>\s]+))$/;

/** @param faults takes up what is not valid */
export const readSender = (read: ConfigReader, faults: string[]): Sender => {
  const text = read.string('ALFA_MAIL_FROM', 'Alfa Cloud <alfa-cloud@localhost>');
  const [, name = '', within, alone] = form.exec(text) ?? [];
  const from = { name: name.replaceAll(/^"|"$/g, ''), address: within ?? alone ?? '' };
  if (!isAddress(from.address)) {
    faults.push(`ALFA_MAIL_FROM must be like "Alfa Cloud <cloud@example.org>", not "${text}"`);
  }
  const replyTo = read.string('ALFA_MAIL_REPLY_TO', '');
  if (replyTo !== '' && !isAddress(replyTo)) {
    faults.push(`ALFA_MAIL_REPLY_TO must be an address like help@example.org, not "${replyTo}"`);
  }
  return { from, replyTo, returnPath: readReturnPath(read, faults) };
};

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailTemplates, type Locale, type MailTemplate } from '@alfa-cloud/contracts';
import { ConfigError, errorMessage, escapeHtml } from '@alfa-cloud/service-kit';
import type { PasswordsInMails } from '../password-links/password-in-mail.ts';
import { render, templateFaults } from './render.ts';
import { valueNames, valuesOf, type MailFacts } from './values.ts';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export type RenderMail = (template: MailTemplate, facts: MailFacts) => RenderedMail;

const locales: readonly Locale[] = ['ru', 'en'];
const ownDirectory = join(import.meta.dirname, '../../templates');
const subjectLine = /^Subject: ([^\r\n]+)\r?\n\r?\n/;
/** Longest subject, in characters. */
const subjectMax = 300;

/**
 * Reads the templates once: `<template>.<locale>.txt`, whose first line is `Subject: …`, and `<template>.<locale>.html`. A file of the other
 * directory stands in for the one that comes with this service.
 * @param directory default: none
 * @param passwords `link`: the mail with the access must hold a link, not the password
 * @throws ConfigError naming every fault of every file, and files there that are no templates
 */
export const loadTemplates = (
  directory?: string,
  passwords: PasswordsInMails['kind'] = 'mail',
): RenderMail => {
  const faults: string[] = [];
  const others = directory === undefined ? [] : filesIn(directory, faults);
  const names = mailTemplates.flatMap((template) => locales.map((locale) => `${template}.${locale}`));
  const files = names.flatMap((name) => [`${name}.txt`, `${name}.html`]);
  const sources = new Map<string, string>();
  for (const file of files) {
    const from = directory !== undefined && others.includes(file) ? directory : ownDirectory;
    const source = readFileSync(join(from, file), 'utf8');
    sources.set(file, source);
    faults.push(...faultsOf(file, source));
    if (passwords === 'link' && file.startsWith('success.') && !source.includes('{{passwordLink}}')) {
      faults.push(`${file}: with ALFA_MAIL_PASSWORDS=link it must hold {{passwordLink}}`);
    }
  }
  const unknown = others.filter((file) => /\.(txt|html)$/.test(file) && !files.includes(file));
  faults.push(...unknown.map((file) => `${file} is no template; there are ${files.join(', ')}`));
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `ALFA_MAIL_TEMPLATES_DIR: ${fault}`));
  return (template, facts) => {
    const name = `${template}.${facts.locale}`;
    return rendered(sources.get(`${name}.txt`) ?? '', sources.get(`${name}.html`) ?? '', facts);
  };
};

const filesIn = (directory: string, faults: string[]): string[] => {
  try {
    return readdirSync(directory);
  } catch (error) {
    faults.push(errorMessage(error));
    return [];
  }
};

const faultsOf = (file: string, source: string): string[] => {
  const faults = templateFaults(source, valueNames);
  if (file.endsWith('.txt') && !subjectLine.test(source)) {
    faults.unshift('the first line must be "Subject: …", the second empty');
  }
  return faults.map((fault) => `${file}: ${fault}`);
};

const rendered = (textSource: string, htmlSource: string, facts: MailFacts): RenderedMail => {
  const values = valuesOf(facts);
  const subjectSource = subjectLine.exec(textSource)?.[1] ?? '';
  const subject = render(subjectSource, values).slice(0, subjectMax);
  const text = render(textSource.replace(subjectLine, ''), values);
  const html = render(htmlSource, { ...values, subject }, escapeHtml);
  return { subject, text, html };
};

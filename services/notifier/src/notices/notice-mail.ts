import {
  alertTitle,
  reasonInWords,
  type Language,
  type Message,
  type NoticeType,
  type Words,
} from '@alfa-cloud/contracts';
import type { Digest } from '../digest/digest.ts';
import { digestLines } from '../digest/digest-mail.ts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import type { NoticeData } from './notice.ts';

const titles: { readonly [Type in NoticeType]: Words } = {
  'alert.raised': { en: 'Alert', ru: 'Тревога' },
  'alert.cleared': { en: 'Alert over', ru: 'Тревога снята' },
  'server.degraded': { en: 'Server is not as it should be', ru: 'На сервере не всё в порядке' },
  'server.recovered': { en: 'Server is well again', ru: 'На сервере снова всё в порядке' },
  'bulk.failed': { en: 'Operation over many clients has failed', ru: 'Общая операция не удалась' },
  'backup.failed': { en: 'Backup has failed', ru: 'Резервная копия не удалась' },
  'mail.given_up': { en: 'Mail to a client given up', ru: 'Письмо клиенту не отправлено' },
  'mail.bounced': { en: 'Mail to a client came back', ru: 'Письмо клиенту вернулось' },
  digest: { en: 'State of the day', ru: 'Сводка за день' },
  test: { en: 'Test', ru: 'Проверка' },
};

/** What the administrator reads. Pure. */
export const noticeMail = (
  { type, at, data }: Pick<NoticeData, 'type' | 'at' | 'data'>,
  language: Language,
): { subject: string; text: string; html: string } => {
  const lines =
    type === 'digest'
      ? digestLines(data as unknown as Digest, language)
      : linesOf({ type, at, data }, language);
  const subject = lines[0] ?? '';
  const html = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return {
    subject: `Alfa Cloud: ${subject}`.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300),
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>${html}</body></html>`,
  };
};

/** What happened, why, when, and the ids of what it is about. */
const linesOf = (
  { type, at, data }: Pick<NoticeData, 'type' | 'at' | 'data'>,
  language: Language,
): string[] => {
  const { code, server, reason, message, about } = data as {
    code?: unknown;
    server?: unknown;
    reason?: unknown;
    message?: Message;
    about?: unknown;
  };
  const alert =
    type.startsWith('alert.') && typeof code === 'string' ? alertTitle(code, language) : undefined;
  const heads = [titles[type][language], alert, server, about];
  const subject = heads.filter((part): part is string => typeof part === 'string').join(': ');
  const told =
    typeof reason === 'string'
      ? reasonInWords(language, { reason, ...(message === undefined ? {} : { message }) })
      : '';
  const ids = Object.entries(data).filter(
    ([name, value]) => name.endsWith('Id') && typeof value === 'string',
  );
  return [subject, told, at, ...ids.map(([name, value]) => `${name}: ${String(value)}`)].filter(
    (line) => line !== '',
  );
};

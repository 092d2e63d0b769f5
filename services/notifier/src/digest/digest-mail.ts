import { alertTitle, titleOf, type Language, type OperationKind, type Words } from '@alfa-cloud/contracts';
import type { Digest } from './digest.ts';

const words = {
  subject: { en: 'State of the day', ru: 'Сводка за день' },
  expiring: { en: 'Time of use ends within 30 days', ru: 'Срок использования истекает в ближайшие 30 дней' },
  servers: { en: 'Servers that are not well', ru: 'Серверы, на которых не всё в порядке' },
  alerts: { en: 'Alerts', ru: 'Тревоги' },
  failed: { en: 'Operations that failed in the last day', ru: 'Операции, не удавшиеся за сутки' },
  none: { en: 'none', ru: 'нет' },
  more: { en: 'and more', ru: 'и ещё' },
  down: { en: 'down', ru: 'не работает' },
  degraded: { en: 'not as it should be', ru: 'не всё в порядке' },
} satisfies Record<string, Words>;

/** The digest as lines of text, its subject first. Pure. */
export const digestLines = (digest: Digest, language: Language): string[] => {
  const say = (name: keyof typeof words): string => words[name][language];
  const section = (
    name: 'expiring' | 'servers' | 'alerts' | 'failed',
    total: number,
    lines: readonly string[],
  ) => [
    `${say(name)}: ${total === 0 ? say('none') : total}`,
    ...lines.map((line) => `- ${line}`),
    ...(lines.length > 0 && lines.length < total ? [`- ${say('more')}: ${total - lines.length}`] : []),
  ];
  const { day, expiring, servers, alerts, failed } = digest;
  const count = failed.reduce((sum, each) => sum + each.count, 0);
  return [
    `${say('subject')} ${day}`,
    ...section(
      'expiring',
      expiring.total,
      expiring.clients.map(({ slug, expireDate }) => `${expireDate} ${slug}`),
    ),
    ...section(
      'servers',
      servers.length,
      servers.map(({ name, health }) => `${name}: ${say(health === 'down' ? 'down' : 'degraded')}`),
    ),
    ...section(
      'alerts',
      alerts.length,
      alerts.map(({ code, server, about }) =>
        [alertTitle(code, language), server, about].filter((part) => part !== null).join(', '),
      ),
    ),
    ...section('failed', count, []),
    ...failed.map(({ kind, count: of }) => `- ${titleOf(kind as OperationKind)[language]}: ${of}`),
  ];
};

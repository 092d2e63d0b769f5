import { catalogue } from '../../words/language.ts';

/** What became of a mail or of a notice. */
export const sentWords = catalogue<Record<string, string>>({
  en: {
    waiting: 'Waits',
    sending: 'Being sent',
    sent: 'Sent',
    delivered: 'Delivered',
    failed: 'Given up',
    bounced: 'Came back',
  },
  ru: {
    waiting: 'Ожидает',
    sending: 'Отправляется',
    sent: 'Отправлено',
    delivered: 'Доставлено',
    failed: 'Не отправлено',
    bounced: 'Вернулось',
  },
});

const tones: Record<string, 'good' | 'warn' | 'bad' | 'busy'> = {
  waiting: 'warn',
  sending: 'busy',
  sent: 'good',
  delivered: 'good',
  failed: 'bad',
  bounced: 'bad',
};

export const sentTone = (status: string): 'good' | 'warn' | 'bad' | 'busy' | 'idle' =>
  tones[status] ?? 'idle';

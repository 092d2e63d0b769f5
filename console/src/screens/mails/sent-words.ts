import { catalogue } from '../../words/language.ts';

/** What became of a mail or of a notice. */
export const sentWords = catalogue<Record<string, string>>({
  en: {
    waiting: 'Waits',
    sending: 'Being sent',
    sent: 'Sent',
    delivered: 'Delivered',
    failed: 'Given up',
    returned: 'Came back',
  },
  ru: {
    waiting: 'Ожидает',
    sending: 'Отправляется',
    sent: 'Отправлено',
    delivered: 'Доставлено',
    failed: 'Не отправлено',
    returned: 'Вернулось',
  },
});

const tones: Record<string, 'good' | 'warn' | 'bad' | 'busy'> = {
  waiting: 'warn',
  sending: 'busy',
  sent: 'good',
  delivered: 'good',
  failed: 'bad',
  returned: 'bad',
};

export const sentTone = (status: string): 'good' | 'warn' | 'bad' | 'busy' | 'idle' =>
  tones[status] ?? 'idle';

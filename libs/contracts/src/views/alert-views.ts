import { Type } from 'typebox';
import { type AlertCode, alertCodes } from '../events/alerts.ts';
import type { Message } from '../words/message.ts';
import { moment, orNull, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

/** What is shown of an alert that is raised, wherever it is shown. */
export const raisedAlert = {
  code: Type.Unsafe<AlertCode>({
    type: 'string',
    enum: [...alertCodes],
    description: 'What it is about.',
    examples: ['disk'],
  }),
  title: text('The code in words, in the language asked for.', 'Disk is nearly full'),
  about: orNull(text('Path of the disk; null where the code says all.', '/var/lib/docker')),
  detail: text('What was measured when it was raised, in the language asked for.', '93 % of 100 GB are used'),
  since: moment('When it began.'),
  raisedAt: moment('When it had lasted long enough.', '2026-11-22T18:05:00.000Z'),
};

export const alertResource = defineResource({
  type: 'alerts',
  title: { en: 'Alert', ru: 'Предупреждение' },
  description: 'Something that somebody has to look after, or had to.',
  attributes: {
    ...raisedAlert,
    clearedAt: orNull(moment('When it was well again, or its server was removed; null while it is raised.')),
  },
  relationships: {
    server: { to: 'servers', description: 'The server; null: it is about Alfa Cloud itself.' },
  },
});

/** Read model of an alert. */
export interface AlertView extends Omit<AttributesOf<typeof alertResource>, 'title' | 'detail'> {
  id: string;
  /** Null: about Alfa Cloud itself. */
  serverId: string | null;
  /** What was measured when it was raised, in English. */
  reason: string;
  /** The same for every language. */
  message?: Message;
}

import { Type } from 'typebox';
import type { OperationTarget } from '../events/operations.ts';
import type { Message } from '../words/message.ts';
import type { Sentence } from '../history/sentence.ts';
import { operationStatuses } from './operation-views.ts';
import { count, exampleId, moment, oneOf, orNull, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

export const historyEntryResource = defineResource({
  type: 'history-entries',
  title: { en: 'Entry of the history', ru: 'Запись истории' },
  description:
    'Who did what, when, why, and with which result; without personal data and secrets. It has the id of its event, or of the first event of its operation.',
  attributes: {
    at: moment('When it happened.'),
    actor: text('Login of who did it, or the service that did it by itself.', 'admin'),
    kind: text(
      'Kind of the operation where the entry is a whole one, else type of the event.',
      'ClientExpireDateChanged',
    ),
    summary: text(
      'What happened, as a sentence in the language asked for.',
      'Last day of use: 2026-12-31 → 2027-12-31',
    ),
    reason: orNull(text('Why; null: nobody said.', 'Invoice 2027-114 is paid')),
    status: Type.Optional(
      oneOf(operationStatuses, 'How the operation ended, or how far it is, where the entry is a whole one.'),
    ),
    finishedAt: Type.Optional(
      orNull(moment('When the operation ended, where the entry is a whole one; null before.')),
    ),
    durationMs: Type.Optional(
      orNull(
        count('How long the operation took, ms, where the entry is a whole one; null before its end.', 9000),
      ),
    ),
    result: Type.Optional(
      orNull(
        Type.Record(Type.String(), Type.Unknown(), {
          description:
            'What the operation has brought about, where the entry is a whole one; null: nothing of the kind.',
          examples: [{ users: 12 }],
        }),
      ),
    ),
    correlationId: text('Id of the request that caused it (`X-Request-Id`).', exampleId),
    commandId: text('Id of the command that caused it.', exampleId),
  },
  relationships: {
    target: {
      to: ['clients', 'servers'],
      description: 'What it was done with; null for the installation itself, or many clients.',
    },
    operation: { to: 'operations', description: 'The operation that it belongs to; null: none.' },
  },
});

type Attributes = AttributesOf<typeof historyEntryResource>;

/** An operation as one entry of the audit trail. */
export interface HistoricOperationView extends Required<
  Pick<Attributes, 'status' | 'finishedAt' | 'durationMs' | 'result'>
> {
  /** What it has brought about, in the order of the events. */
  facts: Sentence[];
}

/** One entry of the audit trail: who, what, when, why, and with which result. Holds no personal data and no secret. */
export interface HistoryEntry extends Omit<Attributes, keyof HistoricOperationView> {
  id: string;
  /** `none`: the installation itself, or many clients at once. */
  target: OperationTarget;
  /** The same for every language. Absent: told by a former version. */
  said?: Sentence;
  /** The same for every language, where one of Alfa Cloud's own sentences has values. */
  reasonMessage?: Message;
  operationId: string | null;
  /** Where the entry is a whole operation: how it ended and what it brought about. */
  operation?: HistoricOperationView;
}

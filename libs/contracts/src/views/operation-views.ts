import { Type } from 'typebox';
import { operations } from '../operations/kinds.ts';
import type { OperationKind } from '../events/operation-kind.ts';
import type { FailureCause, OperationTarget, TransferProgress } from '../events/operations.ts';
import type { Reason } from '../words/reason.ts';
import {
  count,
  exampleId,
  idOf,
  listOf,
  moment,
  oneOf,
  orNull,
  part,
  shownReason,
  text,
} from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

export const operationStatuses = ['accepted', 'running', 'cancelling', 'ok', 'error', 'cancelled'] as const;
export type OperationStatus = (typeof operationStatuses)[number];
export const finalOperationStatuses: readonly OperationStatus[] = ['ok', 'error', 'cancelled'];

/** A kind of operation as a property. */
export const kindOf = (description: string) =>
  Type.Unsafe<OperationKind>({
    type: 'string',
    enum: operations.map(({ kind }) => kind),
    description,
    examples: ['client.reboot'],
  });

const status = oneOf(
  operationStatuses,
  'How far it is: `accepted`, `running` and `cancelling` go on; `ok`, `error` and `cancelled` are ends.',
);

const shownSteps = listOf(
  part(
    {
      name: text('Name of the step, for programs.', 'healthy'),
      title: text('The step in words, in the language asked for.', 'Health of the container'),
      status: oneOf(
        ['pending', 'running', 'retrying', 'ok', 'error', 'compensated', 'leftover'],
        'How far it is. `compensated`: taken back. `leftover`: it could not be taken back, and something may be left on the server.',
      ),
      outcome: orNull(
        oneOf(
          ['done', 'already_done', 'skipped'],
          'What came of it: `already_done` was found done after a crash, `skipped` was not needed; null before its end.',
        ),
      ),
      attempts: count('How often it was begun.', 1),
      startedAt: orNull(moment('When it was begun first; null before.')),
      finishedAt: orNull(moment('When it ended; null before.', '2026-11-22T18:00:04.200Z')),
      durationMs: orNull(count('How long it took, ms; null before its end.', 4200)),
    },
    'One step.',
  ),
  'Its steps in their order; none before they are known.',
);

const shownCause = (description: string) =>
  orNull(
    part(
      { ...shownReason, step: orNull(text('Name of the step that failed; null: none did.', 'healthy')) },
      description,
    ),
  );

const shownTransfer = orNull(
  part(
    {
      step: text('Name of the step that transfers.', 'storage'),
      at: moment('When this was measured.'),
      bytes: count('Bytes that were transferred until then.', 52_428_800),
      totalBytes: orNull(count('Bytes to be transferred in all; null: nobody knows.', 209_715_200)),
      bytesPerSecond: count('Bytes a second, on average since its begin.', 10_485_760),
      etaSeconds: orNull(count('Seconds until its end at that rate; null: nobody knows.', 15)),
    },
    'How far the transfer of data of the running step is; null when none runs.',
  ),
);

const facts = (description: string, example: Record<string, unknown>) =>
  Type.Record(Type.String(), Type.Unknown(), { description, examples: [example] });

export const operationResource = defineResource({
  type: 'operations',
  title: { en: 'Operation', ru: 'Операция' },
  description: 'A long action made of steps, with a log and one end.',
  attributes: {
    kind: kindOf('What it does, `<aggregate>.<verb>`.'),
    title: text('The kind in words, in the language asked for.', 'Restart of the client'),
    status,
    steps: shownSteps,
    error: shownCause('Why it failed; null while it has not.'),
    leftovers: listOf(
      text('Name of the step.', 'database'),
      'Steps that could not be taken back: something of them may be left on the server.',
    ),
    result: orNull(facts('What it has brought about, by kind; null before its end.', { users: 12 })),
    progress: orNull(
      part(
        {
          total: count('Clients in all.', 40),
          done: count('Clients whose operation has ended, well or not.', 12),
          failed: count('Those of them that did not end ok.', 0),
          running: count('Clients whose operation runs.', 4),
          skippedTotal: count('Clients that were left out, in all.', 1),
          skipped: listOf(
            part({ clientId: idOf('The client.'), ...shownReason }, 'A client that was left out, and why.'),
            'The first clients that were left out: 100 at most, 20 in a list of operations.',
          ),
          etaSeconds: orNull(
            count('Seconds until the end, by the median time of those that ended; null: nobody knows.', 95),
          ),
        },
        'How far an operation over many clients is; null for any other.',
      ),
    ),
    waiting: orNull(
      part(
        {
          ...shownReason,
          step: text('Name of the step that has failed and is tried again.', 'image'),
          at: moment('When it failed.'),
          retryAt: orNull(
            moment('When it is tried again; null: as soon as what comes before that has ended.'),
          ),
        },
        'What it waits for before it tries again; null while it works, and at its end.',
      ),
    ),
    transfer: shownTransfer,
    parameters: facts('What was asked for besides the target; of a long list only the first 100.', {
      targetImage: 'alfa-client:1.5.0',
    }),
    actor: text('Login of who asked for it, or the service that began it by itself.', 'admin'),
    correlationId: text('Id of the request that caused it (`X-Request-Id`).', exampleId),
    acceptedAt: moment('When it was accepted.'),
    finishedAt: orNull(moment('When it ended; null before.', '2026-11-22T18:00:09.000Z')),
  },
  relationships: {
    target: {
      to: ['clients', 'servers'],
      description: 'What it is about; null for the installation itself, or many clients.',
    },
    parent: { to: 'operations', description: 'The operation over many clients that runs it; null: none.' },
    retryOf: { to: 'operations', description: 'The operation that it repeats; null: none.' },
  },
  links: {
    self: 'The operation.',
    log: 'Its log.',
    children: 'Operations that it runs, of one over many clients.',
  },
});

type Attributes = AttributesOf<typeof operationResource>;

export type StepView = Omit<Attributes['steps'][number], 'title'>;

export interface OperationView extends Pick<
  Attributes,
  | 'kind'
  | 'status'
  | 'leftovers'
  | 'result'
  | 'transfer'
  | 'actor'
  | 'correlationId'
  | 'acceptedAt'
  | 'finishedAt'
> {
  id: string;
  target: OperationTarget;
  steps: StepView[];
  error: FailureCause | null;
  parentId: string | null;
  progress: OperationProgress | null;
  waiting: OperationWaiting | null;
  parameters: Record<string, unknown> | null;
  retryOf: string | null;
}

/** The last failure of a step that is tried again, e.g. since its server is away. */
export type OperationWaiting = Reason & NonNullable<Attributes['waiting']>;

/** How far the transfer of a running step has come, as of `at`. */
export type OperationTransfer = TransferProgress & NonNullable<Attributes['transfer']>;

/** How far an operation over many clients has come. `total` = `done` + running ones + those not begun; `failed` is part of `done`. */
export type OperationProgress = Omit<NonNullable<Attributes['progress']>, 'skipped'> & {
  skipped: (Reason & { clientId: string })[];
};

const entries = listOf(
  part(
    {
      cursor: text('Orders the entries, and never changes.', '8-0'),
      at: moment('When it was written.'),
      step: orNull(text('Name of the step that it belongs to; null: none.', 'healthy')),
      level: oneOf(
        ['info', 'warning', 'error', 'output'],
        'How weighty it is. `output`: what a remote command has written.',
      ),
      message: text('What is told, in English, or the output itself.', 'Container alfa-lab-one is healthy'),
    },
    'One line of the log.',
  ),
  'Lines after the cursor asked for, the oldest first.',
);

export const operationLogResource = defineResource({
  type: 'operation-logs',
  title: { en: 'Log of an operation', ru: 'Журнал операции' },
  description: 'What an operation has written, from a cursor on. It has the id of its operation.',
  attributes: { status, entries, transfer: shownTransfer },
  relationships: { operation: { to: 'operations', description: 'The operation.' } },
  links: { self: 'The log.' },
});

/** One line of an operation's log. `cursor` orders them and never changes; see {@link LogPage}. */
export type LogEntry = AttributesOf<typeof operationLogResource>['entries'][number];

/** Entries strictly after the cursor asked for, oldest first. `cursor` is the last one's, or the one asked for when there is none. */
export interface LogPage extends AttributesOf<typeof operationLogResource> {
  cursor: string | null;
  /** True when more entries stood ready than the page holds. */
  more: boolean;
}

export const createLogResource = defineResource({
  type: 'create-logs',
  title: { en: 'Log of a creation', ru: 'Журнал создания клиента' },
  description: 'How far the creation of a client is. It has the id of the client.',
  attributes: {
    completed: orNull(oneOf(['ok', 'error'], 'How the creation ended; null while it goes on.')),
    status,
    error: shownCause('Why it failed; null while it has not.'),
    steps: shownSteps,
    entries,
    transfer: shownTransfer,
  },
  relationships: {
    client: { to: 'clients', description: 'The client.' },
    operation: { to: 'operations', description: 'The operation that creates it.' },
  },
  links: { self: 'The log.' },
});

/** What `GET /clients/{id}/create_log` shows. */
export interface CreateLogView extends LogPage {
  clientId: string;
  operationId: string;
  /** `client.create`, or of a copy `client.copy`. */
  kind: OperationKind;
  completed: AttributesOf<typeof createLogResource>['completed'];
  steps: StepView[];
  error: FailureCause | null;
}

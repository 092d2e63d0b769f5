import {
  deriveId,
  streams,
  type AlfaEvent,
  type OperationEvent,
  type OperationKind,
} from '@alfa-cloud/contracts';
import type { PlacedEvent } from './recorded.ts';
import { clientIdOf, operationStory, type Ending } from './stories.ts';

type Planned = Extract<OperationEvent, { type: 'OperationChildrenPlanned' }>['data'];

/** An operation over many clients. */
export interface BulkStory extends Partial<Pick<Planned, 'skipped' | 'canary' | 'waveSize' | 'stopAfter'>> {
  /** Tells the operations of a test apart. */
  name: string;
  /** Clients in the order in which they are begun. */
  slugs: readonly string[];
  kind?: Extract<OperationKind, `clients.${string}`>;
  retryOf?: string;
}

export const bulkIdOf = (name: string): string => deriveId('bulk', name);
export const bulkChildIdOf = (name: string, slug: string): string => deriveId(bulkIdOf(name), slug);

/** From the acceptance to the plan, or to the end of the operation. */
export const bulkStory = (story: BulkStory, ending: Ending = 'open'): PlacedEvent[] => {
  const { name, slugs, kind = 'clients.migrate', retryOf } = story;
  const operationId = bulkIdOf(name);
  const stream = streams.operation(operationId);
  const { skipped = [], canary = 1, waveSize = 2, stopAfter = 3 } = story;
  const children = slugs.map((slug) => ({
    clientId: clientIdOf(slug),
    operationId: bulkChildIdOf(name, slug),
  }));
  const planned: OperationEvent = {
    type: 'OperationChildrenPlanned',
    data: { operationId, children, skipped, canary, waveSize, stopAfter },
  };
  const [accepted, ...rest] = operationStory(
    {
      operationId,
      kind,
      target: { type: 'none', id: null },
      steps: ['plan', 'canary', 'waves'],
      parameters: { waveSize },
      ...(retryOf !== undefined && { retryOf }),
    },
    ending,
    [],
  );
  return accepted === undefined ? [] : [accepted, { stream, event: planned }, ...rest];
};

/** One client's part of it. */
export const childStory = (
  { name }: Pick<BulkStory, 'name'>,
  slug: string,
  ending: Ending,
): PlacedEvent[] => {
  const clientId = clientIdOf(slug);
  const operationId = bulkChildIdOf(name, slug);
  const stream = streams.client(clientId);
  const placed = (event: AlfaEvent): PlacedEvent => ({ stream, event });
  const kind = 'client.migrate';
  const begun = placed({ type: 'ClientOperationBegun', data: { clientId, operationId, kind } });
  const ended = (status: Exclude<Ending, 'open'>) =>
    placed({ type: 'ClientOperationEnded', data: { clientId, operationId, status } });
  const fact = placed({ type: 'ClientMigrated', data: { clientId, operationId } });
  const conclusion = ending === 'ok' ? [fact, ended('ok')] : ending === 'open' ? [] : [ended(ending)];
  const target = { type: 'client', id: clientId } as const;
  const parentId = bulkIdOf(name);
  return [
    begun,
    ...operationStory(
      { operationId, kind, target, steps: ['page', 'migrate'], parentId },
      ending,
      conclusion,
    ),
  ];
};

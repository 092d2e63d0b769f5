import { defaultLimits, deriveId, streams, type AlfaEvent, type OperationEvent } from '@alfa-cloud/contracts';
import type { PlacedEvent } from './recorded.ts';

/** How an operation ends in a story. */
export type Ending = 'ok' | 'error' | 'cancelled' | 'open';

/** Steps of a creation in the stories; what they are called does not matter to the projector. */
export const storySteps = [
  'config',
  'database',
  'volume',
  'container',
  'healthy',
  'migrate',
  'owner',
  'settings',
  'proxy',
];

/** A server that is registered and prepared. */
export const serverStory = (name: string, ending: Ending = 'ok'): PlacedEvent[] => {
  const serverId = deriveId('server', name);
  const operationId = deriveId('server operation', name);
  const stream = streams.server(serverId);
  const registered: AlfaEvent = {
    type: 'ServerRegistered',
    data: {
      serverId,
      operationId,
      name,
      role: 'production',
      domain: `${name}.example.test`,
      connection: { kind: 'ssh', host: '10.0.0.1', username: 'root', credentials: 'v1.server.x' },
      active: name !== 'retired',
      capacity: { clients: 100 },
      proxy: { httpPort: 8080 },
      secrets: 'v1.server.y',
    },
  };
  const facts = {
    dockerVersion: '20.10.24',
    engineId: `engine ${name}`,
    operatingSystem: 'Debian 12',
    architecture: 'x86_64',
    cpus: 8,
    memoryBytes: 2 ** 34,
  };
  const ended: AlfaEvent =
    ending === 'ok'
      ? { type: 'ServerBecameReady', data: { serverId, operationId, facts } }
      : {
          type: 'ServerPreparationFailed',
          data: { serverId, operationId, code: 'disk_full', reason: 'No space' },
        };
  return [
    { stream, event: registered },
    ...operationStory(
      {
        operationId,
        kind: 'server.prepare',
        target: { type: 'server', id: serverId },
        steps: ['docker', 'database'],
      },
      ending,
      ending === 'open' ? [] : [{ stream, event: ended }],
    ),
  ];
};

export interface ClientStory {
  slug: string;
  server: string;
  /** Sealed personal data as they stand in the event. */
  personal: string;
  ending?: Ending;
  image?: string;
  expireDate?: string;
}

export const clientIdOf = (slug: string): string => deriveId('client', slug);
export const clientOperationIdOf = (slug: string): string => deriveId('client operation', slug);
export const serverIdOf = (name: string): string => deriveId('server', name);

/** A client that is asked for and created, or not. */
export const clientStory = (story: ClientStory): PlacedEvent[] => {
  const { slug, server, personal, ending = 'ok', image = 'alfa:1', expireDate = '2027-01-31' } = story;
  const clientId = clientIdOf(slug);
  const operationId = clientOperationIdOf(slug);
  const stream = streams.client(clientId);
  const requested: AlfaEvent = {
    type: 'ClientCreationRequested',
    data: {
      clientId,
      operationId,
      serverId: serverIdOf(server),
      slug,
      locale: 'ru',
      expireDate,
      image,
      limits: defaultLimits,
      demo: false,
      sendSuccess: false,
      personal,
      secrets: `v1.client.${clientId}.x`,
    },
  };
  const ended: AlfaEvent =
    ending === 'ok'
      ? { type: 'ClientCreated', data: { clientId, operationId, image, imageId: 'sha256:1' } }
      : {
          type: 'ClientCreationFailed',
          data: { clientId, operationId, code: 'unhealthy', reason: 'No answer' },
        };
  return [
    {
      stream: streams.reservation('slug', slug),
      event: { type: 'NameReserved', data: { scope: 'slug', name: slug, holderId: clientId } },
    },
    { stream, event: requested },
    ...operationStory(
      { operationId, kind: 'client.create', target: { type: 'client', id: clientId }, steps: storySteps },
      ending,
      ending === 'open' ? [] : [{ stream, event: ended }],
    ),
  ];
};

type AcceptedData = Extract<OperationEvent, { type: 'OperationAccepted' }>['data'];
type Accepted = Omit<AcceptedData, 'parentId'> & Partial<Pick<AcceptedData, 'parentId'>>;

/**
 * An operation from acceptance to its end; one that ends badly has a retry, a final failure and a leftover.
 * @param conclusion what the aggregate records just before the end
 */
export const operationStory = (
  accepted: Accepted,
  ending: Ending,
  conclusion: PlacedEvent[],
): PlacedEvent[] => {
  const { operationId, steps } = accepted;
  const stream = streams.operation(operationId);
  const placed = (events: OperationEvent[]): PlacedEvent[] => events.map((event) => ({ stream, event }));
  const [first = 'first', second = 'second'] = steps;
  const begun = placed([
    { type: 'OperationAccepted', data: { parentId: null, ...accepted } },
    { type: 'OperationClaimed', data: { operationId, worker: 'worker-1' } },
  ]);
  if (ending === 'open') return [...begun, ...placed([started(operationId, first, 1)])];
  if (ending === 'ok') {
    const worked = steps.flatMap((step) => [
      started(operationId, step, 1),
      output(operationId, step, `working on ${step}\nstill working\n`),
      completed(operationId, step),
    ]);
    const ended: OperationEvent = {
      type: 'OperationSucceeded',
      data: { operationId, result: { made: true } },
    };
    return [...begun, ...placed(worked), ...conclusion, ...placed([ended])];
  }
  const cause = { code: 'unhealthy', reason: 'No answer', step: ending === 'cancelled' ? null : second };
  const asked: OperationEvent = {
    type: 'OperationCancelRequested',
    data: { operationId, reason: 'a mistake' },
  };
  const trouble: OperationEvent[] = [
    started(operationId, first, 1),
    completed(operationId, first),
    started(operationId, second, 1),
    failed(operationId, second, 1, 2000),
    started(operationId, second, 2),
    ...(ending === 'cancelled'
      ? [completed(operationId, second), asked]
      : [failed(operationId, second, 2, null)]),
    { type: 'OperationCompensationStarted', data: { operationId, cause, steps: [second, first] } },
    {
      type: 'OperationStepCompensationFailed',
      data: { operationId, step: second, attempt: 1, code: 'busy', reason: 'In use', retryInMs: null },
    },
    {
      type: 'OperationStepCompensated',
      data: { operationId, step: first, durationMs: 12, detail: null },
    },
  ];
  const ended: OperationEvent =
    ending === 'cancelled'
      ? { type: 'OperationCancelled', data: { operationId, leftovers: [second] } }
      : { type: 'OperationFailed', data: { operationId, cause, leftovers: [second] } };
  return [...begun, ...placed(trouble), ...conclusion, ...placed([ended])];
};

const started = (operationId: string, step: string, attempt: number): OperationEvent => ({
  type: 'OperationStepStarted',
  data: { operationId, step, attempt },
});

const output = (operationId: string, step: string, text: string): OperationEvent => ({
  type: 'OperationOutputWritten',
  data: { operationId, step, text },
});

const completed = (operationId: string, step: string): OperationEvent => ({
  type: 'OperationStepCompleted',
  data: { operationId, step, attempt: 1, outcome: 'done', durationMs: 1234, detail: null },
});

const failed = (
  operationId: string,
  step: string,
  attempt: number,
  retryInMs: number | null,
): OperationEvent => ({
  type: 'OperationStepFailed',
  data: { operationId, step, attempt, code: 'unhealthy', reason: 'No answer\nlast line', retryInMs },
});

import {
  type ClientEvent,
  type Fault,
  message,
  messageInWords,
  type Message,
  type OperationEvent,
  type Queries,
  reasonOf,
  streams,
} from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { actionOperationIdOf, actionStory } from '../testing/action-stories.ts';
import { type PlacedEvent, recorded } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverStory } from '../testing/stories.ts';

const now = '2026-06-01T12:00:00.000Z';
const id = clientIdOf('lab');
const gone = message`Container ${'alfa-lab'} was removed by somebody`;
const inRussian = 'Контейнер alfa-lab кто-то удалил';
const why = { code: 'container_gone', ...reasonOf(gone) };

let store: Store;
let told: PlacedEvent[];
beforeEach(() => {
  store = openStore(':memory:', () => new Date(now), { fresh: false });
  told = [];
  tell([...serverStory('one'), ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed' })]);
});
afterEach(() => store.close());

const tell = (events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  store.apply(recorded(told).slice(before), new Map());
};
const client = () => JSON.parse(store.answers.GetClient({ id })) as Queries['GetClient']['result'];
const words = (said: Message | undefined) => said && messageInWords('ru', said);

/** The client's operation has failed with a reason for every language. */
const fail = () =>
  tell(
    actionStory('lab', 0, { kind: 'client.reboot', ending: 'error' }).map((placed) => {
      if (placed.event.type !== 'OperationFailed') return placed;
      const { cause, ...data } = placed.event.data;
      const event: OperationEvent = {
        type: 'OperationFailed',
        data: { ...data, cause: { ...why, step: cause.step } },
      };
      return { ...placed, event };
    }),
  );

test('a failed operation keeps its reason for every language, in its view and in the history', () => {
  fail();
  const operationId = actionOperationIdOf('lab', 0);
  const { error } = JSON.parse(
    store.answers.GetOperation({ id: operationId }),
  ) as Queries['GetOperation']['result'];
  expect([error?.reason, words(error?.message)]).toEqual([why.reason, inRussian]);
  for (const events of ['operations', 'all'] as const) {
    const page = { number: 1, size: 1 };
    const asked = { page, filter: { operationId }, ...(events === 'all' ? { events } : {}) };
    const [entry] = (JSON.parse(store.answers.ListHistory(asked)) as Queries['ListHistory']['result']).items;
    expect([entry?.reason, words(entry?.reasonMessage)]).toEqual([why.reason, inRussian]);
  }
});

const happens = (event: ClientEvent) => tell([{ stream: streams.client(id), event }]);

test('a client tells why it failed and why it is not available', () => {
  const silent = message`container is ${'paused'}`;
  happens({
    type: 'ClientAvailabilityChanged',
    data: { clientId: id, available: false, ...reasonOf(silent), checkedAt: now },
  });
  expect(client()).toMatchObject({ unavailableReason: 'container is paused', unavailableMessage: silent });
  happens({ type: 'ClientCreationFailed', data: { clientId: id, operationId: id, ...why } });
  expect(client().failure).toEqual(why);
});

test('what was refused too late tells why in the answer about what never came to be', () => {
  const unborn = clientIdOf('unborn');
  const operationId = clientIdOf('refused');
  const event: OperationEvent = {
    type: 'OperationRejected',
    data: {
      operationId,
      kind: 'command.rejected',
      command: 'CreateClient',
      requestedKind: 'client.create',
      target: { type: 'client', id: unborn },
      cause: { ...why, step: null },
    },
  };
  tell([{ stream: streams.operation(operationId), event }]);
  const faults: Fault[] = [];
  try {
    store.answers.GetClient({ id: unborn });
  } catch (error) {
    faults.push(...(error as { faults: Fault[] }).faults);
  }
  expect(faults.map(({ detail }) => detail)).toEqual([`It was not created: ${why.reason}`]);
  expect(words(faults[0]?.message)).toBe(`Создание не состоялось: ${inRussian}`);
});

import {
  deriveId,
  type Message,
  streams,
  type OperationEvent,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import { createLogger } from '@alfa-cloud/service-kit';
import { acceptOperation } from '../commands/accept-operation.ts';
import {
  type Decider,
  eventIdsFor,
  type Cause,
  type EventStore,
  handleCommand,
} from '@alfa-cloud/event-sourcing';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import {
  StepFailure,
  type OperationDefinition,
  type OperationEnd,
  type OperationObserver,
  type Step,
} from '../operation/operation.ts';
import type { Pacing } from './operation-run.ts';
import { runOperation } from './run-operation.ts';

export const commandId = deriveId('rig', 'command');
export const operationId = deriveId(commandId, 'operation');
export const serverId = deriveId(commandId, 'server');
export const cause: Cause = { commandId, correlationId: 'rig', causationId: commandId, actor: 'tester' };
export const silent = createLogger({ service: 'test', level: 'silent' });
export const quick = {
  waitingLookMs: 1,
  workingLookMs: 1000,
  windUpMs: 1,
  cutOffMs: 50,
  outputMs: 1,
  concludeRetryMs: 1,
};

/** The process died: nothing that it does afterwards has an effect. */
export class Crashed extends Error {
  override name = 'Crashed';
}

/** One life of a process. Everything it does passes through here, so it can end (or be interrupted) at any point. */
export class Life {
  points = 0;
  #dead = false;
  readonly #at: number;
  readonly #happens: () => void | Promise<void>;

  /** @param at point at which `happens`; by default the process dies there */
  constructor(at = Infinity, happens?: () => void | Promise<void>) {
    this.#at = at;
    this.#happens = happens ?? (() => this.#die());
  }

  #die(): never {
    this.#dead = true;
    throw new Crashed('The process died');
  }

  async point(): Promise<void> {
    if (this.#dead) this.#die();
    this.points += 1;
    if (this.points === this.#at) await this.#happens();
  }

  /** The store as this process sees it. */
  over(store: EventStore): EventStore {
    return {
      read: async (stream, options) => {
        await this.point();
        return store.read(stream, options);
      },
      append: async (stream, events, options) => {
        await this.point();
        const result = await store.append(stream, events, options);
        await this.point();
        return result;
      },
    };
  }
}

const saying = (template: string): Message => ({ template, values: [] });

/** The world outside: what stands there survives every crash. */
export class World {
  readonly present = new Set<string>();
  /** Every change, in order: `+a` made, `-a` taken away. */
  readonly journal: string[] = [];
  /** How often each step may still fail. */
  readonly failures = new Map<string, { left: number; kind: 'transient' | 'final'; code?: string }>();

  make(name: string): void {
    if (this.present.has(name)) throw new Error(`${name} made twice`);
    this.present.add(name);
    this.journal.push(`+${name}`);
  }

  takeAway(name: string): void {
    if (this.present.delete(name)) this.journal.push(`-${name}`);
  }

  failIfDue(name: string): void {
    const failure = this.failures.get(name);
    if (failure === undefined || failure.left === 0) return;
    failure.left -= 1;
    throw new StepFailure(failure.kind, failure.code ?? 'broken', saying(`${name} is broken`));
  }
}

export interface Scene {
  world: World;
  life: Life;
  store: EventStore;
}

export const stepNames = ['a', 'b', 'c', 'd', 'e'];

const step = (name: string): Step<Scene> => ({
  name,
  deadlineMs: 5000,
  firstRetryMs: 1,
  probe: async ({ world, life }) => {
    await life.point();
    return world.present.has(name);
  },
  act: async ({ world, life }, { output }) => {
    await life.point();
    output(`${name} begins\n`);
    world.failIfDue(name);
    world.make(name);
    await life.point();
    return `${name} is there`;
  },
  verify: async ({ world, life }) => {
    await life.point();
    world.failIfDue(`verify ${name}`);
    if (!world.present.has(name)) throw new StepFailure('final', 'not_there', saying(`${name} is not there`));
  },
  compensate: async ({ world, life }) => {
    await life.point();
    world.failIfDue(`undo ${name}`);
    world.takeAway(name);
    await life.point();
  },
});

/** An operation of one step. */
export const only = (change: Partial<Step<Scene>>): Step<Scene>[] => [
  { name: 'a', deadlineMs: 5000, firstRetryMs: 1, act: async () => undefined, ...change },
];

type End = { end: OperationEnd };
const serverDecider: Decider<'open' | 'closed', End, ServerEvent> = {
  initialState: () => 'open',
  evolve: () => 'closed',
  decide: ({ end }, state) => {
    if (state === 'closed') return [];
    const ids = { serverId, operationId };
    if (end.status === 'ok') return [{ type: 'ServerBecameReady', data: { ...ids, facts } }];
    const { code, reason } = end.status === 'error' ? end.cause : { code: 'cancelled', reason: 'Cancelled' };
    return [{ type: 'ServerPreparationFailed', data: { ...ids, code, reason } }];
  },
};

const facts = {
  dockerVersion: '20.10',
  engineId: 'engine',
  operatingSystem: 'linux',
  architecture: 'x86_64',
  cpus: 2,
  memoryBytes: 1,
};

export const definition: OperationDefinition<Scene> = {
  kind: 'server.prepare',
  steps: stepNames.map(step),
  async conclude({ store }, end) {
    await handleCommand(store, {
      stream: streams.server(serverId),
      decider: serverDecider,
      command: { end },
      cause,
      eventIds: eventIdsFor(commandId, 'conclude'),
    });
    return { server: serverId };
  },
};

/** A world and a store with the operation accepted. */
export const acceptedOperation = async (): Promise<{ store: InMemoryEventStore; world: World }> => {
  const store = inMemoryEventStore();
  const target = { type: 'server' as const, id: serverId };
  await acceptOperation(store, { operationId, kind: 'server.prepare', target, steps: stepNames, cause });
  return { store, world: new World() };
};

export interface LifeOptions {
  worker?: string;
  signal?: AbortSignal;
  observer?: OperationObserver;
  steps?: readonly Step<Scene>[];
  redact?: (text: string) => string;
  pacing?: Partial<Pacing>;
}

/** Runs the operation for one life of a process. */
export const live = (
  store: EventStore,
  world: World,
  life: Life,
  { worker = 'w', signal = new AbortController().signal, observer, steps, redact, pacing }: LifeOptions = {},
): Promise<OperationEnd> => {
  const own = life.over(store);
  return runOperation<Scene>({
    store: own,
    definition: steps === undefined ? definition : { ...definition, steps },
    operationId,
    context: { world, life, store: own },
    cause,
    worker,
    signal,
    observer: async (moment) => {
      await life.point();
      await observer?.(moment);
    },
    logger: silent,
    pacing: { ...quick, ...pacing },
    ...(redact === undefined ? {} : { redact }),
  });
};

/** Events of the operation, as written. */
export const eventsOf = async (store: EventStore): Promise<OperationEvent[]> =>
  (await store.read<OperationEvent>(streams.operation(operationId))).events;

/** Types of the operation's events, shortened. */
export const typesOf = async (store: EventStore): Promise<string[]> =>
  (await eventsOf(store)).map(({ type }) => type.replace('Operation', ''));

/** The events of one type, as `step` names or types. */
export const stepsOf = (events: readonly OperationEvent[], type: OperationEvent['type']): string[] =>
  events.filter((event) => event.type === type).map(({ data }) => ('step' in data ? data.step : ''));

import type { OperationEvent, OperationView, StepView } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** What is stored of an operation; the progress of one over many clients is counted when asked. */
export type StoredView = Omit<OperationView, 'progress'>;

/** What an operation over many clients has planned; null for any other. */
export type StoredPlan = Omit<
  Data<'OperationChildrenPlanned'>,
  'operationId' | 'part' | 'children' | 'stopAfter'
> & {
  total: number;
};

/** What an operation over many clients has planned for one of them. */
export interface PlannedChild {
  parentId: string;
  clientId: string;
}

type Data<Type extends OperationEvent['type']> = Extract<OperationEvent, { type: Type }>['data'];
type First = RecordedEvent<Extract<OperationEvent, { type: 'OperationAccepted' | 'OperationRejected' }>>;
type Later = RecordedEvent<Exclude<OperationEvent, { type: 'OperationAccepted' | 'OperationRejected' }>>;

const isFirst = (recorded: RecordedEvent<OperationEvent>): recorded is First =>
  recorded.type === 'OperationAccepted' || recorded.type === 'OperationRejected';

/**
 * The operation after one more event. Pure.
 * @param current null before its first event
 * @param planned what it was planned for, if it is part of an operation over many clients: one that could not begin does not say so itself
 * @returns null when the event speaks of an operation that was never accepted
 */
export const projectOperation = (
  current: StoredView | null,
  recorded: RecordedEvent<OperationEvent>,
  planned: PlannedChild | null,
): StoredView | null => {
  if (isFirst(recorded)) return begin(recorded, planned);
  return current === null ? null : advance(current, recorded);
};

/** The plan after an event that sets it out, or the next part of it; null when it is another event. Pure. */
export const plannedIn = (
  current: StoredPlan | null,
  recorded: RecordedEvent<OperationEvent>,
): StoredPlan | null => {
  if (recorded.type !== 'OperationChildrenPlanned') return null;
  const { part, children, skipped, canary, waveSize } = recorded.data;
  const before = part === undefined || part.number === 1 ? null : current;
  const total = (before?.total ?? 0) + children.length;
  return { total, skipped: [...(before?.skipped ?? []), ...skipped], canary, waveSize };
};

const begin = (recorded: First, planned: PlannedChild | null): StoredView => {
  const { actor, correlationId, at } = recorded.metadata;
  const common = {
    id: recorded.data.operationId,
    leftovers: [],
    result: null,
    waiting: null,
    transfer: null,
    actor,
    correlationId,
  };
  switch (recorded.type) {
    case 'OperationAccepted': {
      const { kind, target, parentId, parameters, retryOf = null } = recorded.data;
      const asked = { parentId, parameters: parameters === undefined ? null : cut(parameters), retryOf };
      const steps = recorded.data.steps.map(pendingStep);
      const times = { acceptedAt: at, finishedAt: null };
      return { ...common, kind, target, status: 'accepted', steps, error: null, ...asked, ...times };
    }
    case 'OperationRejected': {
      const { requestedKind, cause: error, parameters, retryOf = null, acceptedAt = at } = recorded.data;
      const kind = requestedKind ?? recorded.data.kind;
      const target =
        planned === null
          ? (recorded.data.target ?? ({ type: 'none', id: null } as const))
          : ({ type: 'client', id: planned.clientId } as const);
      const parentId = planned?.parentId ?? null;
      const asked = { parentId, parameters: parameters === undefined ? null : cut(parameters), retryOf };
      const times = { acceptedAt, finishedAt: at };
      return { ...common, kind, target, status: 'error', steps: [], error, ...asked, ...times };
    }
    default:
      return recorded satisfies never;
  }
};

/** Entries of a list in an operation's parameters that a view holds at most, so that a page of operations can be sent whatever was asked for. */
const parameterEntriesMax = 100;

const cut = (parameters: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.slice(0, parameterEntriesMax) : value,
    ]),
  );

const pendingStep = (name: string): StepView => ({
  name,
  status: 'pending',
  outcome: null,
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  durationMs: null,
});

const advance = (view: StoredView, recorded: Later): StoredView => {
  const { at } = recorded.metadata;
  switch (recorded.type) {
    case 'OperationClaimed':
      return view.status === 'accepted' ? { ...view, status: 'running' } : view;
    case 'OperationOutputWritten': {
      const { step, transfer } = recorded.data;
      return transfer === undefined ? view : { ...view, transfer: { ...transfer, step, at } };
    }
    case 'OperationChildrenPlanned':
    case 'OperationCompensationStarted':
      return view;
    case 'OperationStepStarted':
    case 'OperationStepCompleted':
    case 'OperationStepFailed':
    case 'OperationStepCompensated':
    case 'OperationStepCompensationFailed':
      return withStep(
        { ...view, transfer: null, waiting: waitingAfter(recorded) },
        recorded.data.step,
        (step) => advanceStep(step, recorded, at),
      );
    case 'OperationCancelRequested':
      return view.finishedAt === null ? { ...view, status: 'cancelling' } : view;
    case 'OperationSucceeded':
      return {
        ...view,
        status: 'ok',
        result: recorded.data.result,
        transfer: null,
        waiting: null,
        finishedAt: at,
      };
    case 'OperationFailed':
      return failed(view, recorded.data, at);
    case 'OperationCancelled':
      return {
        ...withLeftovers(view, recorded.data.leftovers),
        transfer: null,
        waiting: null,
        status: 'cancelled',
        result: recorded.data.result ?? null,
        finishedAt: at,
      };
    default:
      return recorded satisfies never;
  }
};

type StepRecord = Extract<Later, { type: `OperationStep${string}` }>;

const advanceStep = (step: StepView, recorded: StepRecord, at: string): StepView => {
  switch (recorded.type) {
    case 'OperationStepStarted':
      return {
        ...step,
        status: 'running',
        attempts: recorded.data.attempt,
        startedAt: step.startedAt ?? at,
        finishedAt: null,
      };
    case 'OperationStepCompleted': {
      const { outcome, attempt, durationMs } = recorded.data;
      return {
        ...step,
        status: 'ok',
        outcome,
        attempts: outcome === 'skipped' ? step.attempts : attempt,
        startedAt: step.startedAt ?? at,
        finishedAt: at,
        durationMs,
      };
    }
    case 'OperationStepFailed': {
      if (recorded.data.retryInMs === null) return endedAt(step, 'error', at);
      return { ...step, status: 'retrying', finishedAt: null };
    }
    case 'OperationStepCompensated':
      return endedAt(step, 'compensated', at);
    case 'OperationStepCompensationFailed':
      return recorded.data.retryInMs === null ? endedAt(step, 'leftover', at) : step;
    default:
      return recorded satisfies never;
  }
};

/**
 * A step that was tried in vain several times is waited for also when it is not tried again: what is taken back then waits for the same. The end of
 * the operation ends that.
 */
const waitingAfter = ({ type, data, metadata: { at } }: StepRecord): StoredView['waiting'] => {
  if (type !== 'OperationStepFailed' && type !== 'OperationStepCompensationFailed') return null;
  const { step, attempt, code, retryInMs } = data;
  if (retryInMs === null && (type === 'OperationStepCompensationFailed' || attempt === 1)) return null;
  const { reason, message } = { message: undefined, ...data };
  const retryAt = retryInMs === null ? null : new Date(Date.parse(at) + retryInMs).toISOString();
  return { step, code, reason, ...(message === undefined ? {} : { message }), at, retryAt };
};

/** Events of failures tell no duration: it is the time since the step was begun, earlier attempts and the pauses between them included. */
const endedAt = (step: StepView, status: StepView['status'], at: string): StepView => ({
  ...step,
  status,
  finishedAt: at,
  durationMs: step.durationMs ?? (step.startedAt === null ? null : timeBetween(step.startedAt, at)),
});

/** Never negative, though two workers' clocks may differ. */
const timeBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

const failed = (view: StoredView, data: Data<'OperationFailed'>, at: string): StoredView => {
  const ended = withLeftovers({ ...view, transfer: null, waiting: null }, data.leftovers);
  const steps = ended.steps.map((step) => (isOpen(step) ? endedAt(step, 'error', at) : step));
  return { ...ended, steps, status: 'error', error: data.cause, result: data.result ?? null, finishedAt: at };
};

/** A worker that vanished may leave a step without an end of its own; the operation's end is then the step's too. */
const isOpen = (step: StepView): boolean => step.status === 'running' || step.status === 'retrying';

const withLeftovers = (view: StoredView, leftovers: readonly string[]): StoredView => ({
  ...view,
  leftovers: [...leftovers],
  steps: view.steps.map((step) =>
    leftovers.includes(step.name) ? ({ ...step, status: 'leftover' } as const) : step,
  ),
});

const withStep = (view: StoredView, name: string, change: (step: StepView) => StepView): StoredView => {
  const isListed = view.steps.some((step) => step.name === name);
  // A newer version of the code may have added a step to an operation that was accepted without it.
  const steps = isListed ? view.steps : [...view.steps, pendingStep(name)];
  return { ...view, steps: steps.map((step) => (step.name === name ? change(step) : step)) };
};

import type { Descriptor, OperationKind, OperationTarget, StepOf } from '@alfa-cloud/contracts';
import type { OperationDefinition, OperationEnd, Step } from '../operation/operation.ts';
import type { Execution } from './execution.ts';

/**
 * How a service carries out one kind of operation. All of it is asked again after a crash: what was decided once must be found then, not
 * decided anew.
 */
export interface Implementation<Data, Of extends { readonly kind: OperationKind } = { kind: OperationKind }> {
  readonly operation: Of;
  /**
   * Decides whether the operation may begin, and records that it has.
   * @throws Rejection when something speaks against it
   */
  begin(execution: Execution<Data>): Promise<Begun>;
  /** The same of a repetition. Default: as the first time, with the target and the recorded parameters. */
  beginAgain?(execution: Execution<Data>): Promise<Begun>;
  /** What follows the end of the operation; also when its last worker gave it up without concluding it. */
  afterwards?(execution: Execution<Data>, end: OperationEnd): Promise<void>;
}

/** An operation whose begin is recorded where it matters, ready to be accepted and run. */
export interface Begun<Context = unknown> extends Pick<OperationDefinition<Context>, 'steps' | 'conclude'> {
  target: OperationTarget;
  /** What its sender is told besides the operation's id. */
  ids: Record<string, string>;
  /** What was asked for besides the target, for a repetition; never a secret. */
  parameters?: Record<string, unknown> | undefined;
  /** Servers that it loads: on each it counts among the operations that may run there at the same time. */
  servers: readonly string[];
  /** Waits until its turn has come; asked after it is accepted, and while it holds no place on a server. Default: it has come. */
  untilTurn?: () => Promise<void>;
  /** Computes what the steps share, from stored facts alone. Not asked once the operation has ended. */
  load: () => Promise<Loaded<Context>>;
}

export interface Loaded<Context> {
  context: Context;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
}

/** A step without its name. */
export type StepWork<Context> = Omit<Step<Context>, 'name'>;

/** The steps of an operation in the order in which they are written: exactly those that it declares. */
export type StepsOf<Of extends Descriptor, Context> = { readonly [Name in StepOf<Of>]: StepWork<Context> };

/**
 * Gives each step its name.
 * @throws Error for a step that the descriptor does not declare: the compiler finds only one that is missing
 */
export const inOrder = <Context>(
  { kind, steps: declared }: Pick<Descriptor, 'kind' | 'steps'>,
  steps: Readonly<Record<string, StepWork<Context>>>,
): Step<Context>[] =>
  Object.entries(steps).map(([name, work]) => {
    if (!Object.hasOwn(declared, name)) throw new Error(`Operation ${kind} declares no step ${name}`);
    return { ...work, name };
  });

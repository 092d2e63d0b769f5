import type { Descriptor, OperationSubject } from './descriptor.ts';
import type { ServiceName } from '../values/service-name.ts';
import * as declared from './index.ts';

export type Operation = (typeof declared)[keyof typeof declared];

/** Every kind of operation. */
export const operations: readonly Operation[] = Object.values(declared);

export type OperationName = Operation['kind'];
export type OperationOf<Kind extends OperationName> = Extract<Operation, { kind: Kind }>;

type About<Subject extends OperationSubject> = Extract<Operation, { subject: Subject }>;

/** Operations on one client, on one server, on many clients. */
export type ClientOperations = About<'client'>;
export type ServerOperations = About<'server'>;
export type BulkOperations = About<'clients'>;
/** Operations that one service carries out on one thing; those on many clients run them. */
export type OperationsOf<Service extends ServiceName> = Exclude<
  Extract<Operation, { service: Service }>,
  { subject: 'clients' } | typeof declared.rejectedCommand
>;
export type BulkKind = BulkOperations['kind'];

/**
 * Exactly one implementation for each of these operations, by kind: leave one out, or put it to another kind, and it does not compile.
 * @example const clientOperations = { 'client.reboot': reboot, … } satisfies Complete<ClientOperations>;
 */
export type Complete<Operations extends { readonly kind: string }> = {
  readonly [Each in Operations as Each['kind']]: { readonly operation: Each };
};

/** Commands by name, as the operations declare them: who handles them and the schema of their data. */
export type OperationCommands = {
  readonly [Each in Extract<Operation, { command: string }> as Each['command']]: {
    readonly service: Each['service'];
    readonly data: Each['data'];
  };
};

const byKind: ReadonlyMap<string, Descriptor> = new Map(
  operations.map((operation) => [operation.kind, operation as Descriptor]),
);

/** What is declared of a kind. */
export const operationOf = (kind: OperationName): Descriptor => {
  const found = byKind.get(kind);
  if (found === undefined) throw new Error(`Operation ${kind} is not declared`);
  return found;
};

/** The kind that is meant by its own name or by that of its command; null for a command that asks for no operation. */
export const kindAskedFor = (name: string): OperationName | null =>
  operations.find(({ kind, command }) => kind === name || command === name)?.kind ?? null;

const isBulk = (operation: Operation): operation is BulkOperations => operation.subject === 'clients';

export const bulkOperations: readonly BulkOperations[] = operations.filter(isBulk);
export const bulkKinds: readonly BulkKind[] = bulkOperations.map(({ kind }) => kind);

/** What is declared of the operation over many clients; null for a kind that is on one thing. */
export const bulkOf = (kind: string): BulkOperations | null =>
  bulkOperations.find((operation) => operation.kind === kind) ?? null;

export const operationCommands = Object.fromEntries(
  operations.flatMap(({ command, service, data }) =>
    command === null ? [] : [[command, { service, data }]],
  ),
) as unknown as OperationCommands;

import { Type, type Static } from 'typebox';
import { closed, Id, nullable } from '../values/primitives.ts';
import { OperationKind } from './operation-kind.ts';

/** Which operations over many clients are under way, one stream a kind: its revision lets only one of two that overlap begin. */
export const bulkEvents = {
  /** From here until the end another operation of the kind over one of these servers is refused (`operation_in_progress`). */
  BulkOperationBegun: closed({
    operationId: Id,
    kind: OperationKind,
    /** Servers on which its clients live; null: all. */
    serverIds: nullable(Type.Array(Id)),
  }),
  BulkOperationEnded: closed({ operationId: Id, kind: OperationKind }),
};

export type BulkEvent = {
  [Name in keyof typeof bulkEvents]: { type: Name; data: Static<(typeof bulkEvents)[Name]> };
}[keyof typeof bulkEvents];

import { Type } from 'typebox';
import { type OperationName, operations } from '../operations/kinds.ts';

/** What an operation does, `<aggregate>.<verb>`. */
export type OperationKind = OperationName;
export const OperationKind = Type.Unsafe<OperationKind>(
  Type.Union(operations.map(({ kind }) => Type.Literal(kind))),
);

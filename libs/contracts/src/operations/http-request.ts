import type { Static, TObject } from 'typebox';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Every action works by both; the first is there for front ends that only follow links. */
export const actionMethods = ['GET', 'POST'] as const satisfies readonly Method[];

/** The HTTP request that asks for an operation, and where the parameters of its command come from. The target comes from the path. */
export interface HttpRequest<Parameter extends string = string> {
  readonly path: string;
  readonly methods: readonly Method[];
  readonly summary: string;
  /** Parameters that are written in the query, under their own names. */
  readonly query?: readonly Parameter[];
  /** The document that carries the others. GET has none. */
  readonly body?: RequestDocument;
  /** Parameters that every such request has. */
  readonly fixed?: Readonly<Partial<Record<Parameter, unknown>>>;
  /** True: the gateway makes the command or the answer in a way of its own. Default false: it answers with the operation. */
  readonly own?: boolean;
}

export interface RequestDocument {
  /** Type of the resource. */
  readonly type: string;
  readonly attributes: TObject;
  /** Default true. */
  readonly required?: boolean;
  /** What of the command the attributes make. Default: they are parameters as they stand. */
  readonly toParameters?: (attributes: never) => Readonly<Record<string, unknown>>;
}

/** Declares a document so that its `toParameters` sees the type of its attributes. */
export const requestDocument = <Attributes extends TObject>(
  document: Omit<RequestDocument, 'toParameters' | 'attributes'> & {
    attributes: Attributes;
    toParameters?: (attributes: Static<Attributes>) => Readonly<Record<string, unknown>>;
  },
): RequestDocument => document;

import type { Language, MetaMember } from '@alfa-cloud/contracts';
import type { Static, TObject, TSchema } from 'typebox';
import type { ServerResponse } from 'node:http';
import type { RelationshipRule } from './json-body.ts';
import type { ResourceDocument } from './document.ts';
import type { Problem } from './problems.ts';

/** Document that a path takes: one new resource. */
export interface BodyRule {
  type: string;
  attributes: TObject;
  relationships: Readonly<Record<string, RelationshipRule>>;
  /** Default true. */
  required?: boolean;
  /** True where the document changes what the path names: it may carry that id. Default false: an id is refused. */
  mayCarryPathId?: boolean;
  /** Attributes that belong to the resource and are set by another path, by name: what is told instead of "not known". */
  elsewhere?: Readonly<Record<string, Pick<Problem, 'code' | 'detail' | 'message'>>>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request that has passed every check of its route. */
export interface ApiRequest<Parameters = Record<string, unknown>, Attributes = unknown> {
  method: string;
  /** Path as it was asked for, without query. */
  path: string;
  /** Query as it was asked for, without `?`. */
  search: string;
  /** The `{id}` of the path, a canonical UUID; empty where the path has none. */
  id: string;
  parameters: Parameters;
  attributes: Attributes;
  /** Ids by relationship name. */
  relationships: Record<string, string>;
  /** In which words for people are told. */
  language: Language;
  /** Login of the sender. */
  actor: string;
  /** Where the request came from, as far as proxies are believed. */
  address: string;
  requestId: string;
  /** What a query shall have seen: own commands of this gateway and the sender's `Alfa-Position`. */
  minPosition: string | undefined;
  /** Value of `Idempotency-Key`. */
  idempotencyKey: string | undefined;
  /** Longest time that the sender is ready to wait for an operation's end. */
  waitMs: number;
  /** True when the sender wants an event stream. Only on routes that offer one. */
  wantsEvents: boolean;
  lastEventId: string | undefined;
  /** Aborted when the sender has gone or the gateway stops. */
  signal: AbortSignal;
}

/** What a handler answers with. */
export type Answer =
  | {
      status: number;
      document: ResourceDocument | { meta: Record<string, unknown> };
      headers?: Record<string, string>;
    }
  | { status: 204; headers?: Record<string, string> }
  /** The handler writes the answer itself; resolves when it has ended. */
  | { stream: (response: ServerResponse) => Promise<void> };

/** Types of the resources that an answer carries, by status: `clients`, `clients[]` for a list, '' for a document without resources. */
export type SuccessTypes = Readonly<Partial<Record<200 | 201 | 202 | 204 | 503, string>>>;

/** Members of `meta`, and whether each answer with resources of the first type has them. */
export type MetaRule = Readonly<Partial<Record<MetaMember, 'always' | 'sometimes'>>>;

/** One path with one method: data from which the server (and its description for others) is made. */
export interface Route {
  method: Method;
  /** As in OpenAPI: `/clients/{id}`. */
  path: string;
  summary: string;
  /** Every query parameter that the route knows; any other is refused. */
  parameters: TObject;
  body?: BodyRule;
  /** Default false. */
  offersEvents?: boolean;
  /** True for a GET that changes something: HEAD and prefetching are refused, so that it is never sent by accident. Default false. */
  acts?: boolean;
  /** What each status of success carries, for the description. Default: 200 with a document. */
  answers?: SuccessTypes;
  /** What stands in `meta` of answers besides `stale` and, in a list, `total`. Default: nothing. */
  meta?: MetaRule;
  /** Of the answer, where it is no document of JSON:API. */
  mediaType?: string;
  /** Schema of an answer without resources. Default: any object. */
  document?: TSchema;
  /** True for paths that are open without credentials. Default false. */
  open?: boolean;
  handle(request: ApiRequest): Promise<Answer>;
}

type AttributesOf<Body> = Body extends { attributes: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined;

/** Declares a route so that its handler sees the types of its schemas. */
export const route = <Parameters extends TObject, const Body extends BodyRule | undefined = undefined>(
  definition: Omit<Route, 'handle' | 'parameters' | 'body'> & {
    parameters: Parameters;
    body?: Body;
    handle(request: ApiRequest<Static<Parameters>, AttributesOf<Body>>): Promise<Answer>;
  },
): Route => definition as unknown as Route;

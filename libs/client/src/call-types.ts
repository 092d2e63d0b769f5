/** What each path takes and answers, narrowed by `include` and `fields`. Types only: served behind those of the client. */

import type { Meta, Resources, Routes } from './api-types.ts';

/** A reference to a resource. */
export interface Reference<Type extends string = string> {
  type: Type;
  id: string;
  /** What the relationship tells of it, e.g. the slug of a client that is gone. */
  meta?: Record<string, unknown>;
}

export type ResourceType = keyof Resources;

/** Names that `fields` can ask for: of attributes and relationships. */
export type FieldOf<Type extends ResourceType> = NameOf<Resources[Type]['attributes' | 'relationships']>;
type NameOf<Members> = Members extends unknown ? keyof Members & string : never;

/**
 * A resource as a plain object: its attributes, and under the names of its relationships what they lead to: the resource itself where it was
 * included, else a {@link Reference}; an array for many, null for none. Without `Include` nothing was included, without `Fields` all is there.
 */
export type Resource<
  Type extends ResourceType = ResourceType,
  Include extends string = never,
  Fields = AnyFields,
> = Type extends ResourceType
  ? Reference<Type> & { links?: Record<string, string>; meta?: Record<string, unknown> } & Wanted<
        Resources[Type]['attributes'],
        Type,
        Fields
      > &
      Related<Wanted<Resources[Type]['relationships'], Type, Fields>, Include, Fields>
  : never;

/** What `fields` has left of attributes or relationships. */
type Wanted<Members, Type extends ResourceType, Fields> =
  Fields extends Record<Type, readonly (infer Name)[]>
    ? Pick<Members, Extract<keyof Members, Name>>
    : Members;

type Related<Relationships, Include extends string, Fields> = {
  [Name in keyof Relationships]: Relationships[Name] extends {
    to: infer To extends ResourceType;
    many: infer Many;
  }
    ? OneOrMany<Name extends Include ? Resource<To, never, Fields> : Reference<To>, Many>
    : never;
};
type OneOrMany<One, Many> = Many extends true ? One[] : One | null;

type Method = keyof Routes;
/** Paths that take a method. */
export type PathOf<Way extends Method> = keyof Routes[Way] & string;
type RouteOf<Way extends Method, Path extends PathOf<Way>> = Routes[Way][Path];

/** Answers of a route, one form for each `status`. */
export type AnswerOf<
  Way extends Method,
  Path extends PathOf<Way>,
  Include extends string = never,
  Fields = AnyFields,
> = Answers<RouteOf<Way, Path>, Include, Fields>;
type Answers<Route, Include extends string, Fields> = Route extends { answers: infer All }
  ? { [Status in keyof All]: OneAnswer<Status, All[Status], Include, Fields> }[keyof All]
  : never;
type OneAnswer<Status, Holds, Include extends string, Fields> = Holds extends {
  data: infer Data;
  always: infer Always;
  sometimes: infer Sometimes;
}
  ? {
      status: Status;
      data: DataOf<Data, Include, Fields>;
      meta: Pick<Meta, Extract<keyof Meta, Always>> & Partial<Pick<Meta, Extract<keyof Meta, Sometimes>>>;
      links: Record<string, string | null>;
    }
  : never;
type DataOf<Data, Include extends string, Fields> = Data extends ResourceType
  ? Resource<Data, Include, Fields>
  : Data extends `${infer Item extends ResourceType}[]`
    ? Resource<Item, Include, Fields>[]
    : null;

/** An answer of which no more is known. */
export interface Answer<Data> {
  status: number;
  /** What the document holds; null where there is none (204, `meta` only). */
  data: Data;
  meta: Record<string, unknown>;
  links: Record<string, string | null>;
}

type IncludeOf<Route> = Route extends { include: infer Names extends string } ? Names : never;
type AnyFields = { [Type in ResourceType]?: readonly FieldOf<Type>[] };
type SparseOf<Route> = Route extends { fields: infer Types extends ResourceType } ? Types : never;

/** What a route can be asked. */
export type OptionsOf<
  Way extends Method,
  Path extends PathOf<Way>,
  Include extends string = IncludeOf<RouteOf<Way, Path>>,
  Fields = AnyFields,
> = Pick<
  ActionOptions,
  'signal' | 'timeoutMs' | (Way extends 'GET' ? never : 'idempotencyKey' | 'waitSeconds')
> &
  (Path extends `${string}{id}${string}` ? Required<Pick<RequestOptions, 'id'>> : unknown) &
  QueryOf<RouteOf<Way, Path>> &
  BodyOf<RouteOf<Way, Path>, Path> &
  Narrowing<RouteOf<Way, Path>, Include, Fields>;
type QueryOf<Route> = Route extends { query: infer Query }
  ? Partial<Query> extends Query
    ? { query?: Query }
    : { query: Query }
  : unknown;
type BodyOf<Route, Path> = Route extends { body: infer Body }
  ? DocumentOf<Body, Path>
  : Route extends { body?: infer Body }
    ? Partial<DocumentOf<NonNullable<Body>, Path>>
    : unknown;
type DocumentOf<Body, Path> = Body extends { type: infer Type extends string; attributes: infer Attributes }
  ? { attributes: Attributes } & (Path extends `/${Type}` | `/${Type}/${string}`
      ? { type?: Type }
      : { type: Type }) &
      (Body extends { relationships: infer Relationships }
        ? Partial<Relationships> extends Relationships
          ? { relationships?: Relationships }
          : { relationships: Relationships }
        : unknown)
  : never;
/** Not conditional, since literals would be widened in it. */
interface Narrowing<Route, Include extends string, Fields> {
  /** Names of relationships whose resources come along. */
  include?: readonly Include[];
  /** Attributes and relationships wanted, by type. */
  fields?: Fields & { [Type in Exclude<ResourceType, SparseOf<Route>>]?: never };
}

/** Paths of which something has to be told: an id, a document. */
type DemandingPath<Way extends Method> = {
  [Path in PathOf<Way>]: Partial<OptionsOf<Way, Path>> extends OptionsOf<Way, Path> ? never : Path;
}[PathOf<Way>];

/** One method of the API: a path, and what is asked of it. `include` and `fields` narrow what it answers. @throws AlfaError */
export interface Call<Way extends Method> {
  <
    const Path extends DemandingPath<Way>,
    const Include extends IncludeOf<RouteOf<Way, Path>> = never,
    const Fields extends AnyFields = AnyFields,
  >(
    path: Path,
    options: OptionsOf<Way, Path, Include, Fields>,
  ): Promise<AnswerOf<Way, Path, Include, Fields>>;
  <
    const Path extends Exclude<PathOf<Way>, DemandingPath<Way>>,
    const Include extends IncludeOf<RouteOf<Way, Path>> = never,
    const Fields extends AnyFields = AnyFields,
  >(
    path: Path,
    options?: OptionsOf<Way, Path, Include, Fields>,
  ): Promise<AnswerOf<Way, Path, Include, Fields>>;
}

/** Paths of lists that come in pages. */
type ListPath = {
  [Path in PathOf<'GET'>]: RouteOf<'GET', Path> extends { answers: { 200: { data: `${string}[]` } } }
    ? Path
    : never;
}[PathOf<'GET'>];
type ItemOf<Answer> = Answer extends { data: (infer Item)[] } ? Item : never;

/** Reads all pages of a list. */
export interface CallAll {
  <
    const Path extends ListPath & DemandingPath<'GET'>,
    const Include extends IncludeOf<RouteOf<'GET', Path>> = never,
    const Fields extends AnyFields = AnyFields,
  >(
    path: Path,
    options: OptionsOf<'GET', Path, Include, Fields>,
  ): AsyncGenerator<ItemOf<AnswerOf<'GET', Path, Include, Fields>>, void, undefined>;
  <
    const Path extends Exclude<ListPath, DemandingPath<'GET'>>,
    const Include extends IncludeOf<RouteOf<'GET', Path>> = never,
    const Fields extends AnyFields = AnyFields,
  >(
    path: Path,
    options?: OptionsOf<'GET', Path, Include, Fields>,
  ): AsyncGenerator<ItemOf<AnswerOf<'GET', Path, Include, Fields>>, void, undefined>;
}

/** What any path can be asked. */
export interface RequestOptions {
  /** Stands for `{id}` in the path. */
  id?: string;
  /** `page[number]`, `filter[status]`, `targetImage`, … ; arrays are joined by commas, undefined ones are left out. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  /** Names of relationships whose resources come along. */
  include?: readonly string[];
  /** Attributes wanted, by type. */
  fields?: Record<string, readonly string[]>;
  signal?: AbortSignal;
  /** Default: that of the client. */
  timeoutMs?: number;
}

export interface ActionOptions extends RequestOptions {
  /** Type of the resource in the document. Default: the first part of the path. */
  type?: string;
  attributes?: Record<string, unknown>;
  /** Ids by names of relationships, each with its type: `{ server: { type: 'servers', id } }`. */
  relationships?: Record<string, Reference | null>;
  /** The same key has one effect, however often it is sent. Default: a new one for each call. */
  idempotencyKey?: string;
  /** Seconds, at most 60, in which the answer waits for the operation's end. */
  waitSeconds?: number;
}

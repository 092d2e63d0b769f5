import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { bulkPace } from '../values/bulk-pace.ts';
import { closed, Id } from '../values/primitives.ts';
import type { Descriptor } from './descriptor.ts';
import { actionMethods, type HttpRequest } from './http-request.ts';
import type { Words } from '../words/words.ts';

/**
 * How an operation over many clients goes on: one client after the other first (`canary`), then waves. `stopAfter` failed clients no further
 * one is begun. Clients whose last operation of the kind failed and was not repaired since are left out.
 */
export const BulkPace = closed({
  /** Only the clients of this server. */
  serverId: Type.Optional(Id),
  ...bulkPace,
});
export type BulkPace = Static<typeof BulkPace>;

export const defaultPace = { canary: 1, waveSize: 4, stopAfter: 3 } as const;

const allOfBulk = {
  ...BulkPace.properties,
  /** Only these clients, e.g. those that failed before. */
  clientIds: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
};

const bulkSteps = {
  plan: { en: 'Plan', ru: 'План' },
  canary: { en: 'First clients, one at a time', ru: 'Первые клиенты, по одному' },
  waves: { en: 'The other clients', ru: 'Остальные клиенты' },
  results: { en: 'Results of all clients', ru: 'Итоги по всем клиентам' },
} as const satisfies Record<string, Words>;

/** `client.migrate` → `migrate`. */
type Verb<Kind extends string> = Kind extends `client.${infer Name}` ? Name : string;

/** A parent that runs one operation of its child kind on each of many clients. */
export interface BulkDescriptor<
  Child extends Descriptor = Descriptor,
  Command extends string = string,
  Data extends TObject = TObject,
  Step extends string = string,
  Kind extends string = `clients.${Verb<Child['kind']>}`,
> extends Descriptor<Kind, 'clients', Command, Data, Step, Child['service']> {
  readonly http: HttpRequest;
  readonly child: Child;
  /** Parameters that it hands on to each child. */
  readonly handedOn: readonly string[];
}

/**
 * The form of an operation on a client that runs on many: its kind is the plural, its parameters are the pace and those of the child that
 * hold for all. Steps are the common ones and what is done for all together.
 */
export const bulkOperation = <
  Child extends Descriptor<`client.${string}`, 'client'>,
  const Command extends string,
  const Parameter extends Exclude<keyof Child['data']['properties'] & string, 'clientId'> = never,
  const Step extends string = never,
>(
  child: Child,
  declaration: {
    command: Command;
    /** `own`: the gateway has a route of its own for it. Default false. */
    http: { path: string; summary: string; own?: boolean };
    title: Words;
    /** Parameters of the child that the command gives for all. Default: none. */
    parameters?: readonly Parameter[];
    /** Steps besides those that every such operation has. Default: none. */
    steps?: Readonly<Record<Step, Words>>;
  },
) => {
  const { parameters = [], steps, http, ...declared } = declaration;
  const properties: TProperties = child.data.properties;
  const handedOn = Object.fromEntries(parameters.map((name) => [name, properties[name] ?? Type.Never()]));
  type Handed = Pick<Child['data']['properties'], Parameter>;
  return {
    ...declared,
    kind: child.kind.replace('client.', 'clients.'),
    subject: 'clients',
    service: child.service,
    data: closed({ ...allOfBulk, ...handedOn }),
    http: {
      ...http,
      methods: actionMethods,
      query: [...Object.keys(BulkPace.properties), ...parameters],
    },
    steps: { ...bulkSteps, ...steps },
    retry: 'same parameters',
    meanwhile: child.meanwhile,
    afterFailure: 'nothing',
    exclusive: false,
    child,
    handedOn: parameters,
  } satisfies Omit<BulkDescriptor, 'kind'> & { kind: string } as unknown as BulkDescriptor<
    Child,
    Command,
    TObject<typeof allOfBulk & Handed>,
    keyof typeof bulkSteps | Step
  >;
};

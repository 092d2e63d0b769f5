import type { Static, TObject, TProperties } from 'typebox';
import { closed, Id } from '../values/primitives.ts';
import type { ServiceName } from '../values/service-name.ts';
import type { HttpRequest } from './http-request.ts';
import type { Message } from '../words/message.ts';
import type { Words } from '../words/words.ts';

/** What the operation does to its client while it runs and nothing is recorded of it yet. */
export interface Meanwhile {
  /** `its own`: the operation opens and closes the maintenance page itself; others leave it as they find it. Default `as recorded`. */
  readonly page?: 'as recorded' | 'its own';
  /** `stops`: it does not answer for a while, on purpose. `replaced`: another container takes its place without a gap. Default `runs`. */
  readonly container?: 'runs' | 'stops' | 'replaced';
}

/**
 * What a failure leaves behind. `unresolved`: the client may not be what it was meant to be; until an operation of consequence ends well,
 * operations over many clients leave it out. `demo unclear`: nobody knows which demo data are there. Default `nothing`.
 */
export type AfterFailure = 'nothing' | 'unresolved' | 'demo unclear';

/** How a failed operation is run again: as it was asked for, or what its sender has to do instead. */
export type Retry = 'same parameters' | { readonly instead: Message };

/** What an operation is about. `clients`: it runs an operation of its child kind on each of many. */
export type OperationSubject = 'client' | 'server' | 'clients' | 'installation';

/** Everything that is to be known of one kind of operation outside the service that carries it out. */
export interface Descriptor<
  Kind extends string = string,
  Subject extends OperationSubject = OperationSubject,
  Command extends string | null = string | null,
  Data extends TObject = TObject,
  Step extends string = string,
  Service extends ServiceName = ServiceName,
> {
  /** `<aggregate>.<verb>`, as events and views name it. */
  readonly kind: Kind;
  readonly subject: Subject;
  /** Which carries it out. */
  readonly service: Service;
  /** The command that asks for it; null: only another operation begins it. */
  readonly command: Command;
  /** Schema of the command's data. */
  readonly data: Data;
  /** The request that sends the command; null: there is none. */
  readonly http: HttpRequest | null;
  readonly title: Words;
  /** Titles of its steps by name; the implementation puts them in order and can use no others. */
  readonly steps: Readonly<Record<Step, Words>>;
  readonly retry: Retry;
  readonly meanwhile: Required<Meanwhile>;
  readonly afterFailure: AfterFailure;
  /** False: it runs beside any other operation on the client. True: it has the client for itself. */
  readonly exclusive: boolean;
}

/** Data of the command of an operation. */
export type DataOf<Of extends { readonly data: TObject }> = Static<Of['data']>;

/** Names of the steps that an operation may have. */
export type StepOf<Of extends Descriptor> = keyof Of['steps'] & string;

interface Declaration<
  Kind extends string,
  Command extends string | null,
  Parameters extends TProperties,
  Step extends string,
  Service extends ServiceName,
> {
  kind: Kind;
  /** Default: the provisioner. */
  service?: Service;
  command: Command;
  /** What the command says besides its target. Default: nothing. */
  parameters?: Parameters;
  http: HttpRequest<keyof Parameters & string> | null;
  title: Words;
  steps: Readonly<Record<Step, Words>>;
  retry: Retry;
}

/** Default of `Parameters`: none. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type
export type None = Record<never, never>;

const unchanged: Required<Meanwhile> = { page: 'as recorded', container: 'runs' };
const defaults = {
  service: 'provisioner',
  meanwhile: unchanged,
  afterFailure: 'nothing',
  exclusive: true,
} as const;

/** An operation on one client: `clientId` comes before its other parameters. */
export const clientOperation = <
  const Kind extends `client.${string}`,
  const Command extends string | null,
  const Step extends string,
  Parameters extends TProperties = None,
  const Service extends ServiceName = 'provisioner',
>(
  declaration: Declaration<Kind, Command, Parameters, Step, Service> & {
    meanwhile?: Meanwhile;
    afterFailure?: AfterFailure;
    exclusive?: boolean;
  },
) => {
  const { parameters = {} as Parameters, meanwhile, ...declared } = declaration;
  return {
    ...defaults,
    ...declared,
    subject: 'client',
    data: closed({ clientId: Id, ...parameters }),
    meanwhile: { ...unchanged, ...meanwhile },
  } satisfies Descriptor as Descriptor<
    Kind,
    'client',
    Command,
    TObject<{ clientId: typeof Id } & Parameters>,
    Step,
    Service
  >;
};

/** An operation on one server: `serverId` comes before its other parameters. */
export const serverOperation = <
  const Kind extends `server.${string}`,
  const Command extends string | null,
  const Step extends string,
  Parameters extends TProperties = None,
  const Service extends ServiceName = 'provisioner',
>(
  declaration: Declaration<Kind, Command, Parameters, Step, Service>,
) => {
  const { parameters = {} as Parameters, ...declared } = declaration;
  return {
    ...defaults,
    ...declared,
    subject: 'server',
    data: closed({ serverId: Id, ...parameters }),
  } satisfies Descriptor as Descriptor<
    Kind,
    'server',
    Command,
    TObject<{ serverId: typeof Id } & Parameters>,
    Step,
    Service
  >;
};

/** An operation on the installation itself. */
export const installationOperation = <
  const Kind extends string,
  const Command extends string | null,
  const Step extends string,
  Parameters extends TProperties = None,
  const Service extends ServiceName = 'provisioner',
>(
  declaration: Declaration<Kind, Command, Parameters, Step, Service>,
) => {
  const { parameters = {} as Parameters, ...declared } = declaration;
  return {
    ...defaults,
    ...declared,
    subject: 'installation',
    data: closed(parameters),
  } satisfies Descriptor as Descriptor<Kind, 'installation', Command, TObject<Parameters>, Step, Service>;
};

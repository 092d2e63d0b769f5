import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { invalidArgument, unhandled, unknownError } from './errors.ts';
import type { FilterOptions } from './filter.ts';
import { readName } from './stream-name.ts';
import type { UuidForm } from './uuid.ts';

/** Where reading starts: a revision or position, or one of the ends. */
export type ReadFrom = number | 'start' | 'end';

export interface FilterRequest extends FilterOptions {
  /** Events considered between two checkpoints. */
  readonly checkpointInterval: number;
}

interface Common {
  readonly from: ReadFrom;
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
}

interface Bounded {
  readonly backwards: boolean;
  readonly count: number;
}

export type ReadRequest =
  | (Common & Bounded & { readonly kind: 'readStream'; readonly stream: string })
  | (Common & Bounded & { readonly kind: 'readAll'; readonly filter: FilterRequest | undefined })
  | (Common & { readonly kind: 'subscribeToStream'; readonly stream: string })
  | (Common & { readonly kind: 'subscribeToAll'; readonly filter: FilterRequest | undefined });

type Options = streamsPb.ReadReq.Options;

const FORWARDS = 0;
const BACKWARDS = 1;
/** Default window of a filter: the page size of the real server. */
const DEFAULT_WINDOW = 32;

/** Decodes and checks a request. @throws StatusError with the status that the real server gives to an invalid one */
export function parseReadRequest(request: streamsPb.ReadReq): ReadRequest {
  const options = request.getOptions();
  if (options === undefined) throw unhandled();
  const uuidForm = uuidFormOf(options);
  const direction: number = options.getReadDirection();
  if (direction !== FORWARDS && direction !== BACKWARDS) {
    throw invalidArgument(`'${direction}' is not a valid ReadDirection`);
  }
  const backwards = direction === BACKWARDS;
  const subscribes = options.hasSubscription();
  const makesSense =
    (options.hasStream() || options.hasAll()) &&
    (options.hasCount() || subscribes) &&
    (options.hasFilter() || options.hasNoFilter()) &&
    !(options.hasStream() && options.hasFilter()) &&
    !(subscribes && backwards);
  if (!makesSense) throw invalidCombination(options);
  const common = { resolveLinks: options.getResolveLinks(), uuidForm };
  const count = toNumber(options.getCount());
  if (!subscribes && count === 0) throw unknownError('The count has to be positive.');
  const streamOptions = options.getStream();
  if (streamOptions !== undefined) {
    const stream = readName(streamOptions.getStreamIdentifier());
    const from = streamStart(streamOptions);
    if (subscribes) return { ...common, kind: 'subscribeToStream', stream, from };
    if (!backwards && from === 'end') throw unknownError('Nothing can be read forwards from the end.');
    return { ...common, kind: 'readStream', stream, from, backwards, count };
  }
  const from = allStart(options.getAll(), subscribes);
  const filter = filterOf(options, subscribes);
  return subscribes
    ? { ...common, kind: 'subscribeToAll', from, filter }
    : { ...common, kind: 'readAll', from, backwards, count, filter };
}

function invalidCombination(options: Options): Error {
  const cases = [
    options.getStreamOptionCase(),
    options.getCountOptionCase(),
    options.getReadDirection(),
    options.getFilterOptionCase(),
  ];
  return invalidArgument(`The combination of (${cases.join(', ')}) is invalid.`);
}

/** An option that is set but empty means the structured form. */
function uuidFormOf(options: Options): UuidForm {
  const option = options.getUuidOption();
  if (option === undefined) throw invalidArgument('');
  return option.hasString() ? 'string' : 'structured';
}

function streamStart(options: streamsPb.ReadReq.Options.StreamOptions): ReadFrom {
  if (options.hasRevision()) return orEnd(options.getRevision());
  return endOf(options);
}

function endOf(options: { hasStart(): boolean; hasEnd(): boolean }): ReadFrom {
  if (options.hasStart()) return 'start';
  if (options.hasEnd()) return 'end';
  throw unhandled();
}

function allStart(options: streamsPb.ReadReq.Options.AllOptions | undefined, subscribes: boolean): ReadFrom {
  if (options === undefined) throw unhandled();
  const position = options.getPosition();
  if (position === undefined) return endOf(options);
  const commit = BigInt(position.getCommitPosition());
  const prepare = BigInt(position.getPreparePosition());
  if (commit < prepare) {
    throw unknownError('The commit position cannot be less than the prepare position.');
  }
  const from = orEnd(position.getCommitPosition());
  // A subscription starts after its position; a prepare position below the commit position means before the event there.
  return subscribes && prepare < commit && typeof from === 'number' ? from - 1 : from;
}

/** 2^64-1 is another way to say "end". */
const END = 18_446_744_073_709_551_615n;

const MAX_INT64 = 9_223_372_036_854_775_807n;

function orEnd(decimal: string): ReadFrom {
  const value = BigInt(decimal);
  if (value === END) return 'end';
  if (value > MAX_INT64) throw unhandled();
  return toNumber(decimal);
}

/** Revisions and positions in use stay far below 2^53; anything larger only has to stay "beyond the end". */
const toNumber = (decimal: string): number => Math.min(Number(decimal), Number.MAX_SAFE_INTEGER);

function filterOf(options: Options, subscribes: boolean): FilterRequest | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  if (expression === undefined || !(filter.hasMax() || filter.hasCount())) throw invalidCombination(options);
  if (filter.hasMax() && filter.getMax() === 0)
    throw unknownError('The window of a filter has to be positive.');
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (subscribes && multiplier === 0)
    throw unknownError('The checkpoint interval multiplier has to be positive.');
  return {
    on: filter.hasStreamIdentifier() ? 'stream' : 'type',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
    checkpointInterval: multiplier * (filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW),
  };
}

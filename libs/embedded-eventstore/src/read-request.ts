import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { invalidArgument, unknownError } from './errors.ts';
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
/** Window that counts when the filter names none; the real server's page. */
const DEFAULT_WINDOW = 32;

/** Reads and checks a request. @throws StatusError as the real server answers what makes no sense. */
export function parseReadRequest(request: streamsPb.ReadReq): ReadRequest {
  const options = request.getOptions();
  if (options === undefined) throw invalidArgument('`options` is a required argument.');
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
  const common = { resolveLinks: options.getResolveLinks(), uuidForm: uuidFormOf(options) };
  const count = toNumber(options.getCount());
  const streamOptions = options.getStream();
  if (streamOptions !== undefined) {
    const stream = readName(streamOptions.getStreamIdentifier());
    const from = streamStart(streamOptions);
    if (subscribes) return { ...common, kind: 'subscribeToStream', stream, from };
    if (count === 0) throw unknownError('The count has to be positive.');
    if (!backwards && from === 'end') throw unknownError('Nothing can be read forwards from the end.');
    return { ...common, kind: 'readStream', stream, from, backwards, count };
  }
  const from = allStart(options.getAll());
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

function uuidFormOf(options: Options): UuidForm {
  const option = options.getUuidOption();
  if (option?.hasString()) return 'string';
  if (option?.hasStructured()) return 'structured';
  throw invalidArgument('`uuidOption` is a required argument of type UUIDOption.');
}

function streamStart(options: streamsPb.ReadReq.Options.StreamOptions): ReadFrom {
  if (options.hasRevision()) return orEnd(options.getRevision());
  return options.hasEnd() ? 'end' : 'start';
}

function allStart(options: streamsPb.ReadReq.Options.AllOptions | undefined): ReadFrom {
  const position = options?.getPosition();
  if (position === undefined) return options?.hasEnd() ? 'end' : 'start';
  const commit = position.getCommitPosition();
  if (BigInt(commit) < BigInt(position.getPreparePosition())) {
    throw unknownError('The commit position cannot be less than the prepare position.');
  }
  return orEnd(commit);
}

/** 2^64-1 is another way to say "end". */
const END = 18_446_744_073_709_551_615n;

const orEnd = (decimal: string): ReadFrom => (BigInt(decimal) === END ? 'end' : toNumber(decimal));

/** Revisions and positions in use stay far below 2^53; anything larger only has to stay "beyond the end". */
const toNumber = (decimal: string): number => Math.min(Number(decimal), Number.MAX_SAFE_INTEGER);

function filterOf(options: Options, subscribes: boolean): FilterRequest | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  if (expression === undefined || !(filter.hasMax() || filter.hasCount())) throw invalidCombination(options);
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (subscribes && multiplier === 0)
    throw unknownError('The checkpoint interval multiplier has to be positive.');
  return {
    on: filter.hasStreamIdentifier() ? 'stream' : 'type',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
    checkpointInterval: multiplier * Math.max(1, filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW),
  };
}

import { type Message, message } from '@alfa-cloud/contracts';
import { type ContentType, parse } from 'content-type';
import { refuse } from './problems.ts';

/** Media type of every document that the gateway sends. */
export const jsonApiMediaType = 'application/vnd.api+json';
export const eventStreamMediaType = 'text/event-stream';

/** The media ranges of an `Accept` header. */
const parseRanges = (header: string): ContentType[] => {
  const ranges: ContentType[] = [];
  for (let start = 0; start < header.length;) {
    const range = parse(header, { comma: true, start });
    ranges.push(range);
    start = range.index + 1;
  }
  return ranges;
};

/** True when the type has no parameter but `profile`: no extension is supported, and JSON:API forbids other parameters. */
const isPlain = (parameters: ContentType['parameters']): boolean =>
  Object.entries(parameters).every(
    ([name, value]) => name === 'profile' || (name === 'ext' && value.trim() === ''),
  );

/**
 * Checks the `Content-Type` of a document.
 * @throws RequestRefused 415
 */
export const checkContentType = (header: string | undefined): void => {
  const problem = problemOfContentType(parse(header ?? ''));
  if (problem !== null) throw refuse('unsupported_media_type', problem, { header: 'Content-Type' });
};

const problemOfContentType = ({ type, parameters }: ContentType): Message | null => {
  if (type === 'application/json') {
    const charset = parameters['charset']?.toLowerCase() ?? 'utf-8';
    return charset === 'utf-8' || charset === 'utf8' ? null : message`The document must be written in UTF-8`;
  }
  if (type !== jsonApiMediaType) return message`The document must be sent as ${jsonApiMediaType}`;
  if (parameters['ext']?.trim()) return message`No extension of JSON:API is supported`;
  return isPlain(parameters)
    ? null
    : message`${jsonApiMediaType} can't carry media type parameters other than ext and profile`;
};

/** The media type of a range, without its weight; null when the weight excludes it. */
const withoutWeight = ({
  parameters: { q = '1', ...parameters },
  ...range
}: ContentType): ContentType | null => (Number(q) === 0 ? null : { ...range, parameters });

/** What the sender wants: documents, or events where a path offers them. */
export type Wanted = 'document' | 'event-stream';

/**
 * Chooses the form of the answer.
 * @param header value of `Accept`
 * @param offersEvents whether the path can answer with an event stream
 * @throws RequestRefused 406, as JSON:API demands also when every instance of its media type carries foreign parameters
 */
export const negotiate = (header: string | undefined, offersEvents = false): Wanted => {
  if (header === undefined || header === '*/*' || header === jsonApiMediaType) return 'document';
  const ranges = parseRanges(header)
    .map(withoutWeight)
    .filter((range) => range !== null);
  if (offersEvents && ranges.some(({ type }) => type === eventStreamMediaType)) return 'event-stream';

  const instances = ranges.filter(({ type }) => type === jsonApiMediaType);
  if (instances.some(({ parameters }) => isPlain(parameters))) return 'document';
  const others = ['application/json', 'application/*', '*/*'];
  if (instances.length === 0 && ranges.some(({ type }) => others.includes(type))) return 'document';
  throw refuse('not_acceptable', message`Answers are sent as ${jsonApiMediaType}`, { header: 'Accept' });
};

import { refuse } from './problems.ts';

/** Media type of every document that the gateway sends. */
export const jsonApiMediaType = 'application/vnd.api+json';
export const eventStreamMediaType = 'text/event-stream';

interface MediaType {
  /** `type/subtype`, lower case. */
  essence: string;
  /** Names in lower case; the quotes of values taken off. */
  parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const essencePattern = new RegExp(`^\\s*(${token}/${token})\\s*`);
const parameterPattern = new RegExp(
  `\\s*;\\s*(?:(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?\\s*`,
  'y',
);

const parseMediaType = (text: string): MediaType | null => {
  const essence = essencePattern.exec(text);
  if (essence?.[1] === undefined) return null;
  const parameters = new Map<string, string>();
  parameterPattern.lastIndex = essence[0].length;
  while (parameterPattern.lastIndex < text.length) {
    const found = parameterPattern.exec(text);
    if (found === null) return null;
    if (found[1] !== undefined) parameters.set(found[1].toLowerCase(), found[2] ?? found[3] ?? '');
  }
  return { essence: essence[1].toLowerCase(), parameters };
};

/** Splits at commas that stand outside quotes. */
const splitList = (text: string): string[] => text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];

/** True when the type carries nothing but `profile`: no extension is supported, and other parameters are forbidden by JSON:API. */
const isPlain = ({ parameters }: MediaType): boolean =>
  [...parameters].every(([name, value]) => name === 'profile' || (name === 'ext' && value.trim() === ''));

/**
 * Checks the `Content-Type` of a document.
 * @throws RequestRefused 415
 */
export const checkContentType = (header: string | undefined): void => {
  const type = header === undefined ? null : parseMediaType(header);
  const problem = problemOfContentType(type);
  if (problem !== null) throw refuse('unsupported_media_type', problem, { header: 'Content-Type' });
};

const problemOfContentType = (type: MediaType | null): string | null => {
  if (type?.essence === 'application/json') {
    const charset = type.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
    return charset === 'utf-8' || charset === 'utf8' ? null : 'The document must be written in UTF-8';
  }
  if (type?.essence !== jsonApiMediaType) return `The document must be sent as ${jsonApiMediaType}`;
  if (type.parameters.get('ext')?.trim()) return 'No extension of JSON:API is supported';
  return isPlain(type)
    ? null
    : `${jsonApiMediaType} can't carry media type parameters other than ext and profile`;
};

/** Parameters of `Accept` that belong to the range and not to the media type. */
const withoutWeight = (type: MediaType): MediaType => ({
  essence: type.essence,
  parameters: new Map([...type.parameters].filter(([name]) => name !== 'q')),
});

const isRefusedByWeight = (type: MediaType): boolean => Number(type.parameters.get('q') ?? 1) === 0;

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
  const ranges = splitList(header)
    .map(parseMediaType)
    .filter((range) => range !== null)
    .filter((range) => !isRefusedByWeight(range))
    .map(withoutWeight);
  if (offersEvents && ranges.some(({ essence }) => essence === eventStreamMediaType)) return 'event-stream';

  const instances = ranges.filter(({ essence }) => essence === jsonApiMediaType);
  if (instances.some(isPlain)) return 'document';
  const others = ['application/json', 'application/*', '*/*'];
  if (instances.length === 0 && ranges.some(({ essence }) => others.includes(essence))) return 'document';
  throw refuse('not_acceptable', `Answers are sent as ${jsonApiMediaType}`, { header: 'Accept' });
};

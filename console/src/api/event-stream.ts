/** One event of a stream. `id` is what a reader that was cut off after it comes back with. */
export interface StreamEvent {
  name: string;
  id: string;
  data: unknown;
}

/**
 * Takes a stream of server-sent events piece by piece, however it is cut, and gives the events that are whole by then.
 * What is left of an event at the end of the stream is never told: its reader gets it again.
 */
export const createEventParser = (): ((piece: string) => StreamEvent[]) => {
  let rest = '';
  let name = '';
  let id = '';
  let data: string[] = [];
  const take = (line: string): StreamEvent | null => {
    if (line === '') {
      const event = data.length === 0 ? null : { name, id, data: JSON.parse(data.join('\n')) as unknown };
      name = '';
      data = [];
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
    return null;
  };
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    return lines.map((line) => take(line.replace(/\r$/, ''))).filter((event) => event !== null);
  };
};

export interface EventReader {
  /**
   * Opens the stream after an event.
   * @returns pieces of its text; null when it has ended before
   * @throws what {@link EventReader.isPassing} judges
   */
  open(lastId: string | null, signal: AbortSignal): Promise<AsyncIterable<string> | null>;
  /** Whether to come back after a fault. */
  isPassing(error: unknown): boolean;
  /** Called with all events of one piece. */
  onEvents(events: readonly StreamEvent[]): void;
  /** Whether the stream is open. */
  onOpen(isOpen: boolean): void;
  /** Resolves after so long, or when the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const pauseMsMin = 500;
const pauseMsMax = 8000;

/**
 * Reads a stream until its event `end`, and comes back to it after every cut with the id of the last whole event: no event is lost or comes twice.
 * Resolves at the end or when the signal is aborted; rejects with a fault that does not pass.
 */
export const readEvents = async (reader: EventReader, signal: AbortSignal): Promise<void> => {
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const pieces = await reader.open(lastId, signal);
      if (pieces === null) return;
      reader.onOpen(true);
      const parse = createEventParser();
      for await (const piece of pieces) {
        failures = 0;
        const events = parse(piece);
        lastId = events.at(-1)?.id ?? lastId;
        if (events.length > 0) reader.onEvents(events);
        if (events.some(({ name }) => name === 'end')) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!reader.isPassing(error)) throw error;
    }
    reader.onOpen(false);
    await reader.pause(Math.min(pauseMsMin * 2 ** failures, pauseMsMax), signal);
    failures += 1;
  }
};

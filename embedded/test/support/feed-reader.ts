/** An event of the live feed; signs of life have no name. */
export interface FeedEvent {
  name: string;
  id: string;
  data: Record<string, unknown>;
}

/** Reads the live feed from a cursor on; leaving the loop cuts the connection. */
export async function* readFeed(
  url: string,
  password: string,
  lastEventId: string | undefined,
): AsyncGenerator<FeedEvent> {
  const response = await fetch(`${url}/events/stream`, {
    headers: {
      accept: 'text/event-stream',
      authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: AbortSignal.timeout(90_000),
  });
  if (response.status !== 200 || response.body === null) throw new Error(`Answered ${response.status}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      yield { name: field('event'), id: field('id'), data: JSON.parse(field('data') || '{}') as never };
    }
  }
}

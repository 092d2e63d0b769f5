import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect } from '@jest/globals';
import { basic, login, password } from './support.ts';

export interface StreamEvent {
  name: string;
  id: string;
  data: Record<string, unknown>;
}

/**
 * A reader of server-sent events that goes away after so many, or reads to the end of the stream. Comments count as events without a name if it is to
 * go away after so many of them.
 */
export const follow = async (
  url: string,
  options: {
    lastEventId?: string;
    count?: number;
    heartbeats?: number;
    onEvent?: (event: StreamEvent) => void;
  } = {},
): Promise<StreamEvent[]> => {
  const response = await new Promise<IncomingMessage>((resolve, fail) => {
    const headers = {
      accept: 'text/event-stream',
      authorization: basic(login, password),
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    };
    httpRequest(url, { agent: false, headers }, resolve).on('error', fail).end();
  });
  expect([response.statusCode, response.headers['content-type']]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const events: StreamEvent[] = [];
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const name = fields.get('event');
      const isComment = block.startsWith(':') && options.heartbeats !== undefined;
      if (name === undefined && !isComment) continue;
      const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>;
      const event = { name: name ?? '', id: fields.get('id') ?? '', data };
      events.push(event);
      options.onEvent?.(event);
    }
    const heartbeats = events.filter((event) => event.name === '').length;
    if (events.length >= (options.count ?? Infinity) || heartbeats >= (options.heartbeats ?? Infinity)) {
      response.destroy();
      break;
    }
  }
  return events;
};

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect } from '@jest/globals';
import { basic, login, password } from './support.ts';

export interface StreamEvent {
  name: string;
  id: string;
  data: Record<string, unknown>;
}

/** A reader of server-sent events that goes away after so many, or reads to the end of the stream. */
export const follow = async (
  url: string,
  options: { lastEventId?: string; count?: number; onEvent?: (event: StreamEvent) => void } = {},
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
      if (name === undefined) continue;
      const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>;
      const event = { name, id: fields.get('id') ?? '', data };
      events.push(event);
      options.onEvent?.(event);
    }
    if (options.count !== undefined && events.length >= options.count) {
      response.destroy();
      break;
    }
  }
  return events;
};

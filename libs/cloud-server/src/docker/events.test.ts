import { expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import type { ContainerEvent } from './docker-engine.ts';
import { eventsOf } from './events.ts';

const names = new Map([['4711', '/alfa-first']]);

/** An engine that tells these events; it knows the containers of `names`. */
const engineThatTells = (events: readonly object[], asked: string[]): Docker => {
  const stream = new PassThrough();
  for (const event of events) stream.write(`${JSON.stringify(event)}\n`);
  return {
    modem: {
      dial: (_options: unknown, done: (error: null, body: object) => void) =>
        done(null, { SystemTime: '2026-01-01T00:00:00.000000000Z' }),
    },
    getEvents: async () => stream,
    getContainer: (id: string) => ({
      async inspect() {
        asked.push(id);
        const name = names.get(id);
        if (name === undefined) throw Object.assign(new Error('no such container'), { statusCode: 404 });
        return { Name: name, Config: { Labels: { 'cloud.alfa.managed': 'true' } } };
      },
    }),
  } as unknown as Docker;
};

test('a network that is removed concerns no container: none is asked for, the next event is told', async () => {
  const asked: string[] = [];
  const told: ContainerEvent[] = [];
  const attributes = { name: 'alfa-first', type: 'bridge' };
  const docker = engineThatTells(
    [
      { Type: 'network', Action: 'destroy', Actor: { Attributes: attributes } },
      { Type: 'network', Action: 'disconnect', Actor: { Attributes: { ...attributes, container: '' } } },
      { Type: 'network', Action: 'disconnect', Actor: { Attributes: { ...attributes, container: '4711' } } },
    ],
    asked,
  );
  const following = new AbortController();
  await eventsOf(docker).followEvents({
    labels: ['cloud.alfa.managed=true'],
    signal: following.signal,
    onOpen: () => {},
    onEvent(event) {
      told.push(event);
      following.abort();
    },
  });
  expect(asked).toEqual(['4711']);
  expect(told).toMatchObject([{ action: 'disconnect', name: 'alfa-first', network: 'alfa-first' }]);
});

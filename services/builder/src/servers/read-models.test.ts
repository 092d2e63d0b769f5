import { expect, test } from '@jest/globals';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { newestSchema } from '../smoke/newest-schema.ts';
import { targetsOf } from './targets.ts';

/** Read models that nobody serves. */
const deps = () => ({
  store: inMemoryEventStore(),
  queries: querySenderOf({}),
  cloudServers: { of: () => Promise.reject(new Error('not asked')) as never, close: async () => {} },
});
const signal = new AbortController().signal;

test.each([
  ['the tables of a client', () => newestSchema(deps(), { signal, output: () => undefined })],
  ['servers that get the image', () => targetsOf(deps(), null, signal)],
])('a step that asks for %s while the read models are away is tried again', async (_, ask) => {
  await expect(ask()).rejects.toMatchObject({
    name: 'StepFailure',
    kind: 'transient',
    code: 'read_models_away',
  });
});

import { expect, test } from '@jest/globals';
import type { ImageFacts } from '@alfa-cloud/cloud-server';
import type { BuildDeps, Building } from './building.ts';
import { whileReadAhead } from './while-read-ahead.ts';

test('read models that do not answer keep nobody from the test', async () => {
  const away = () => Promise.reject(Object.assign(new Error('away'), { name: 'MessagingUnavailable' }));
  const deps = { queries: { ask: away }, config: {} } as unknown as BuildDeps;
  const building = { build: { targetServers: null }, server: { id: 'builds' } } as unknown as Building;
  const said: string[] = [];
  const io = {
    signal: new AbortController().signal,
    output: (text: string) => void said.push(text),
    transfer: () => undefined,
  };
  const image = {} as ImageFacts;
  expect(await whileReadAhead(deps, { building, image }, io, async () => 'tested')).toBe('tested');
  expect(said.join('')).toContain('is read again when it goes to the servers: The read models do not answer');
});

import { message, newId, type BulkRequest, type Message } from '@alfa-cloud/contracts';
import { describe, expect, test } from '@jest/globals';
import type { ActiveClient } from '../domain/client-state.ts';
import { planOf, type Candidate, type ImageOnServer } from './plan.ts';

const [one = '', two = ''] = [newId(), newId()].toSorted();

const candidate = (slug: string, change: Partial<ActiveClient> = {}, serverId = one): Candidate => ({
  clientId: `id of ${slug}`,
  state: {
    status: 'active',
    client: { id: `id of ${slug}`, slug, serverId, image: 'alfa/client:1' },
    imageId: 'sha256:1',
    unresolvedFailure: null,
    ...change,
  } as ActiveClient,
});

const everywhere = new Map<string, ImageOnServer>([
  [one, { id: 'sha256:2' }],
  [two, { id: 'sha256:2' }],
]);

const toTwo = (data: Partial<BulkRequest['data']> = {}): BulkRequest => ({
  kind: 'clients.switch',
  data: { targetImage: 'alfa/client:2', ...data },
});

const plan = (
  candidates: Candidate[],
  { request = toTwo(), images = everywhere, away = new Map<string, Message>(), serverIsKnown = true } = {},
) => planOf(request, { candidates, images, away, serverIsKnown });

const failed = { unresolvedFailure: { operationId: newId(), kind: 'client.migrate' } } as const;
const slugs = (listed: readonly { slug: string }[]) => listed.map(({ slug }) => slug);

describe('the order', () => {
  test('lets the servers take turns, and goes by slug within one', () => {
    const all = [
      candidate('c'),
      candidate('a'),
      candidate('b'),
      candidate('z', {}, two),
      candidate('y', {}, two),
    ];
    expect(slugs(plan(all).clients)).toEqual(['a', 'y', 'b', 'z', 'c']);
  });
});

describe('a server that is away', () => {
  const away = new Map([[one, message`Server one does not answer`]]);
  const all = [candidate('a'), candidate('b'), candidate('y', {}, two), candidate('z', {}, two)];
  const images = new Map<string, ImageOnServer>([
    [one, 'unknown'],
    [two, { id: 'sha256:2' }],
  ]);

  test('has its clients come last, and is named', () => {
    const { clients, awayServers, obstacles } = plan(all, { images, away });
    expect(slugs(clients)).toEqual(['y', 'z', 'a', 'b']);
    expect(awayServers).toEqual([
      { serverId: one, code: 'server_unreachable', reason: 'Server one does not answer' },
    ]);
    expect(obstacles).toEqual([]);
  });

  test('is no canary while another one can be', () => {
    const request = toTwo({ canary: 3 });
    expect(plan(all, { request, images, away }).canary).toBe(2);
    expect(plan(all.slice(0, 2), { request, away }).canary).toBe(2);
  });

  test('leaves nobody out for an image that may mean another one there', () => {
    const { client } = candidate('a').state as ActiveClient;
    const running = candidate('a', { client: { ...client, image: 'alfa/client:2' }, imageId: 'sha256:2' });
    expect(slugs(plan([running, candidate('z', {}, two)], { images, away }).clients)).toEqual(['z', 'a']);
  });
});

describe('left out', () => {
  test('is whoever has failed and was not repaired since', () => {
    const { clients, skipped } = plan([candidate('a', failed), candidate('b')]);
    expect(slugs(clients)).toEqual(['b']);
    expect(skipped).toEqual([expect.objectContaining({ slug: 'a', code: 'unresolved_failure' })]);
  });

  test('is not whoever is asked for by name', () => {
    const request = toTwo({ clientIds: ['id of a'] });
    expect(slugs(plan([candidate('a', failed)], { request }).clients)).toEqual(['a']);
  });

  test('is whoever runs from the image already, lives where it is not, or is in use no more', () => {
    const { client } = candidate('b').state as ActiveClient;
    const all = [
      candidate('a', {}, two),
      candidate('b', { client: { ...client, image: 'alfa/client:2' }, imageId: 'sha256:2' }),
      {
        clientId: 'id of c',
        state: { status: 'deleted', client: { ...client, slug: 'c' }, backups: [], heldOn: null } as const,
      },
      candidate('d'),
    ];
    const images = new Map<string, ImageOnServer>([
      [one, { id: 'sha256:2' }],
      [two, 'absent'],
    ]);
    const { clients, skipped, obstacles } = plan(all, { images });
    expect([slugs(clients), obstacles]).toEqual([['d'], []]);
    expect(skipped.map(({ slug, code }) => [slug, code])).toEqual([
      ['a', 'image_not_on_server'],
      ['b', 'image_in_use'],
      ['c', 'client_not_active'],
    ]);
  });

  test('is nobody who runs from an older image of the same name, or from the same image under another name', () => {
    const { client } = candidate('a').state as ActiveClient;
    const all = [
      candidate('older', {
        client: { ...client, slug: 'older', image: 'alfa/client:2' },
        imageId: 'sha256:1',
      }),
      candidate('other-name', { imageId: 'sha256:2' }),
    ];
    expect(slugs(plan(all).clients)).toEqual(['older', 'other-name']);
  });

  test('is nobody for an image when no image is meant', () => {
    const request: BulkRequest = { kind: 'clients.migrate', data: {} };
    expect(slugs(plan([candidate('a')], { request, images: new Map() }).clients)).toEqual(['a']);
  });
});

describe('refused as a whole is', () => {
  const codes = (images: [string, ImageOnServer][]) =>
    plan([candidate('a')], { images: new Map(images) }).obstacles.map(({ code }) => code);

  test('an image that no server has', () => {
    expect(codes([[one, 'absent']])).toEqual(['image_not_on_server']);
  });

  test('a switch while no server can be asked', () => {
    expect(codes([[one, 'unknown']])).toEqual(['server_unreachable']);
  });

  test('a server that does not exist', () => {
    const request = toTwo({ serverId: one });
    expect(plan([], { request, images: new Map(), serverIsKnown: false }).obstacles).toMatchObject([
      { code: 'server_unknown', reason: `Server ${one} does not exist` },
    ]);
  });
});

test('the pace has defaults, and no more go first than there are', () => {
  expect(plan([candidate('a'), candidate('b')])).toMatchObject({ canary: 1, waveSize: 4, stopAfter: 3 });
  const request = toTwo({ canary: 5, waveSize: 2, stopAfter: 1 });
  expect(plan([candidate('a')], { request })).toMatchObject({ canary: 1, waveSize: 2, stopAfter: 1 });
});

describe('a move of many', () => {
  const request: BulkRequest = { kind: 'clients.move', data: { targetServer: two } };
  const held = { serverId: one, until: '2026-12-01T00:00:00.000Z', operationId: newId(), before: null };

  test('leaves out who lives there already, and who is still held elsewhere', () => {
    const all = [
      candidate('a', { held: null }),
      candidate('b', { held: null }, two),
      candidate('c', { held }),
    ];
    const { clients, skipped } = plan(all, { request });
    expect(slugs(clients)).toEqual(['a']);
    expect(skipped.map(({ slug, code }) => [slug, code])).toEqual([
      ['b', 'already_there'],
      ['c', 'move_held'],
    ]);
  });

  test('is refused as a whole where the server takes no clients', () => {
    const targetFaults = [{ code: 'server_not_ready', detail: 'Server two is failed' } as const];
    const { obstacles } = planOf(request, {
      candidates: [candidate('a', { held: null })],
      images: new Map(),
      away: new Map(),
      serverIsKnown: true,
      targetFaults,
    });
    expect(obstacles).toEqual([{ code: 'server_not_ready', reason: 'Server two is failed' }]);
  });
});

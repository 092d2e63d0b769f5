import { expect, test } from '@jest/globals';
import { serverStateOf } from './server-state.ts';
import type { ServerView } from './server-views.ts';

type Told = Pick<ServerView, 'status' | 'active' | 'health' | 'healthReasons' | 'draining'>;

const well: Told = { status: 'ready', active: true, health: 'ok', healthReasons: [] };
const draining = { operationId: 'x', since: '2026-11-26T12:00:00.000Z' };
const because = (code: string): Pick<Told, 'health' | 'healthReasons'> => ({
  health: 'down',
  healthReasons: [{ code, detail: 'x' }],
});

test.each<[string, Partial<Told>]>([
  ['ready', {}],
  ['ready', { health: 'unknown' }],
  ['degraded', { ...because('container_missing') }],
  ['degraded', { ...because('disk_full'), health: 'degraded' }],
  ['degraded', { status: 'failed', health: 'unknown' }],
  ['unreachable', { ...because('server_unreachable') }],
  ['unreachable', { ...because('engine_unreachable'), draining, active: false }],
  ['unreachable', { ...because('host_key_changed'), status: 'failed' }],
  ['draining', { draining, active: false, ...because('container_missing') }],
  ['inactive', { active: false, health: 'degraded' }],
  ['preparing', { status: 'preparing', draining, active: false, ...because('server_unreachable') }],
])('%s: %j', (state, told) => {
  expect(serverStateOf({ ...well, ...told })).toBe(state);
});

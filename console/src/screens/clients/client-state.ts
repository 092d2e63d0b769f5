import type { ClientResource } from '../../api/resources.ts';

/** A client in one word, the most pressing first. */
export type ClientState = 'failed' | 'creating' | 'maintenance' | 'expired' | 'down' | 'unknown' | 'ok';

export const clientStateOf = (
  { status, maintenance, available, expireDate }: ClientResource,
  today: string,
): ClientState => {
  if (status !== 'active') return status;
  if (maintenance !== null) return 'maintenance';
  if (expireDate < today) return 'expired';
  if (available === null) return 'unknown';
  return available ? 'ok' : 'down';
};

export const toneOf = {
  failed: 'bad',
  creating: 'busy',
  maintenance: 'warn',
  expired: 'warn',
  down: 'bad',
  unknown: 'idle',
  ok: 'good',
} as const satisfies Record<ClientState, string>;

/** Today as the API counts days. */
export const today = (now = Date.now()): string => new Date(now).toISOString().slice(0, 10);

import type { serverStates, ServerView } from './server-views.ts';

/** A server in one word, for people who choose among many; what it is made of stands in the other attributes. */
export type ServerStateName = (typeof serverStates)[number];

/** Reasons of a health that mean: nobody gets to the server, or to its Docker Engine. */
const unreachable: ReadonlySet<string> = new Set([
  'server_unreachable',
  'engine_unreachable',
  'host_key_changed',
  'login_refused',
  'key_unusable',
]);

type Told = Pick<ServerView, 'status' | 'active' | 'health' | 'healthReasons' | 'draining'>;

/** The first that is true, in this order: what keeps from working on it at all comes before what somebody has decided about it. */
export const serverStateOf = ({ status, active, health, healthReasons, draining }: Told): ServerStateName => {
  if (status === 'preparing') return 'preparing';
  if (healthReasons.some(({ code }) => unreachable.has(code))) return 'unreachable';
  if (draining !== undefined) return 'draining';
  if (!active) return 'inactive';
  return status === 'failed' || health === 'degraded' || health === 'down' ? 'degraded' : 'ready';
};

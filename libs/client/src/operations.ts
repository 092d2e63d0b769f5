import { AlfaError, isAlfaError } from './alfa-error.ts';
import type * as types from './client-types.ts';
import { pause, pauseAfter } from './pauses.ts';
import type { Request } from './wire-types.ts';

/** An operation that has come to one of these changes no more. */
export const finalStatuses: readonly string[] = ['ok', 'error', 'cancelled'];
const operationDeadlineMs = 600_000;
/** Longest wait for an operation in one request, s; a proxy in between may end longer ones. */
const waitSecondsMax = 20;

/** Waits for operations through outages, until a deadline. */
export const waiterWith =
  (request: Request, patienceMs: number): types.Client['waitForOperation'] =>
  async (id, options = {}) => {
    const { deadlineMs = operationDeadlineMs, signal, onChange } = options;
    const end = Date.now() + deadlineMs;
    let shown = '';
    for (let failures = 0; ;) {
      const leftMs = end - Date.now();
      if (leftMs <= 0)
        throw new AlfaError('deadline', `Operation ${id} has not ended after ${deadlineMs} ms`);
      const waitSeconds = Math.max(0, Math.min(shown === '' ? 0 : waitSecondsMax, Math.floor(leftMs / 1000)));
      // An answer that does not come is not waited for beyond the deadline either.
      const timeoutMs = Math.min(patienceMs, Math.ceil(leftMs - waitSeconds * 1000));
      try {
        const asked = { id, timeoutMs, ...(waitSeconds > 0 && { waitSeconds }), signal };
        const { data } = await request<types.Operation>('GET', '/operations/{id}', asked);
        failures = 0;
        const now = JSON.stringify(data);
        if (now !== shown) onChange?.(data);
        shown = now;
        if (finalStatuses.includes(data.status)) return data;
        if (waitSeconds === 0) await pause(Math.min(250, leftMs), signal);
      } catch (error) {
        if (!isAlfaError(error) || !error.isPassing) throw error;
        failures += 1;
        await pause(Math.min(pauseAfter(failures, error), Math.max(0, end - Date.now())), signal);
      }
    }
  };

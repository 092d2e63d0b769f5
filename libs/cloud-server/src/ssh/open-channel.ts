import { message } from '@alfa-cloud/contracts';
import { CloudServerError } from '../cloud-server-error.ts';

type Done<Channel> = (error: Error | undefined, channel: Channel) => void;

/** Opens a channel. One that opens after its caller has given up is closed again. */
export const openChannel = <Channel extends { end: () => unknown }>(
  signal: AbortSignal,
  open: (done: Done<Channel>) => unknown,
): Promise<Channel> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const done: Done<Channel> = (error, channel) => {
      signal.removeEventListener('abort', onAbort);
      if (error !== undefined) reject(isOpenFailure(error) ? error : lost(error));
      else if (signal.aborted) closeUnread(channel);
      else resolve(channel);
    };
    try {
      signal.throwIfAborted();
      open(done);
    } catch (error) {
      reject(signal.aborted ? (signal.reason as Error) : lost(error));
    }
  });

/** True when the server has refused to open a channel, which says nothing against the connection. */
export const isOpenFailure = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'reason' in error && typeof error.reason === 'number';

/** True when the server does not allow such channels at all, whatever is behind them. */
export const isForbidden = (error: unknown): boolean => {
  const administrativelyProhibited = 1;
  return isOpenFailure(error) && (error as { reason: number }).reason === administrativelyProhibited;
};

const lost = (cause: unknown): CloudServerError =>
  new CloudServerError('transient', 'server_unreachable', message`The ssh connection was cut`, { cause });

const closeUnread = (channel: object & { end: () => unknown }): void => {
  if ('close' in channel && typeof channel.close === 'function') channel.close();
  else channel.end();
};

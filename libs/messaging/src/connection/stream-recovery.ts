import type { Link } from './link.ts';
import { hasNoResponders, jetStream, refusalCode } from './nats-errors.ts';

/** Runs a call on the streams. When it fails because a stream is missing, the streams are recreated before the next attempt. */
export const recoveringStreams = async <T>(link: Link, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (hasNoResponders(error) || refusalCode(error) === jetStream.streamNotFound) link.streamsLost();
    throw error;
  }
};

import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { message, reject, wordsOf } from '@alfa-cloud/contracts';

/** A server to which no connection could be made for so long is not waited for, ms. A restart of sshd and a loose cable take less. */
const awayAfterMs = 30_000;
/** Longest time of the one more attempt that is made where it may be made now, ms: somebody waits for the answer. */
const attemptMs = 2000;

/**
 * Nothing begins on a server that has been away for a while: it would wait in its first step for minutes, and its client with it.
 * @throws Rejection `server_unreachable`
 */
export const refuseWhileAway = async (name: string, { access }: CloudServer): Promise<void> => {
  if (access.kind === 'local') return;
  const { link } = access;
  if (link.status === 'up' || link.awayMs < awayAfterMs) return;
  try {
    await access.connect({ deadlineMs: attemptMs });
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    const seconds = Math.floor(link.awayMs / 1000);
    throw reject(
      'server_unreachable',
      message`Server ${name} has not been reached for ${seconds} s, so nothing was begun there: ${wordsOf(error)}`,
    );
  }
};

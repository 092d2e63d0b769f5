import { message, wordsOf, type Message } from '@alfa-cloud/contracts';
import { isJumpHostFailure, type CloudServer } from '@alfa-cloud/cloud-server';
import type { FindingCode } from './finding.ts';

/** Failures of a connection that say by themselves what has to be mended. */
const ownCodes = ['host_key_changed', 'login_refused', 'key_unusable'] as const satisfies FindingCode[];

/**
 * Why the Docker Engine does not answer. The words stay the same as long as the cause does, since each change of them is recorded: the reason
 * why a machine can't be reached differs from attempt to attempt.
 */
export const whyAway = ({ access }: CloudServer): { code: FindingCode; words: Message } => {
  if (access.kind === 'local' || access.link.status === 'up') {
    return { code: 'engine_unreachable', words: message`The Docker Engine does not answer` };
  }
  const { failure } = access.link;
  const code = ownCodes.find((known) => known === failure?.code);
  if (code !== undefined && failure !== null) return { code, words: wordsOf(failure) };
  const { jump } = access;
  const words =
    isJumpHostFailure(failure) && jump !== null
      ? message`At the jump host: ${message`${jump.server} can not be reached over ssh`}`
      : message`${access.server} can not be reached over ssh`;
  return { code: 'server_unreachable', words };
};

import { message } from '@alfa-cloud/contracts';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

/** The jump host before a server has failed, and the server was not asked: code and kind are those of the failure there. */
export class JumpHostFailure extends CloudServerError {
  /** What happened at the jump host. */
  readonly atJumpHost: CloudServerError;

  constructor(failure: CloudServerError) {
    super(failure.kind, failure.code, message`At the jump host: ${failure.words}`, { cause: failure });
    this.atJumpHost = failure;
  }
}

/** True for a {@link JumpHostFailure} of any realm. */
export const isJumpHostFailure = (error: unknown): error is JumpHostFailure =>
  isCloudServerError(error) && 'atJumpHost' in error;

/** Why a jump host does not connect us to a server, from what ssh2 threw when the channel was asked for. */
export const notConnected = (server: string, jumpHost: string, error: unknown, isForbidden: boolean) =>
  new CloudServerError(
    'transient',
    'server_unreachable',
    isForbidden
      ? message`${server}: the jump host ${jumpHost} may not forward there (AllowTcpForwarding, PermitOpen in its sshd_config)`
      : message`${server}: the jump host ${jumpHost} can't connect there`,
    { cause: error },
  );

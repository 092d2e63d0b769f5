import { type Message, messageInWords } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';

/**
 * Why a call to a server failed.
 * Transient: `docker_unreachable` (socket gone, connection refused or cut), `docker_failed` (the engine answered 5xx), `exec_lost` (the engine
 * restarted under a running command, or lost the end of its output), `not_running` (the container does not run, perhaps not yet), `port_unreachable`, `deadline_exceeded`,
 * `image_unreadable` (an archive that is not whole, or a layer that has gone from the cache); over ssh also `server_unreachable` (no connection, or it was cut) and `command_lost` (a command ended without an exit code).
 * Final: the others; `docker_refused` is any 4xx without a code of its own, or a user who may not use Docker. Over ssh `login_refused`,
 * `host_key_changed`, `key_unusable` (a key that can't be read: wrong passphrase, unknown form), `connection_closed` (by us).
 */
export type CloudServerErrorCode =
  | 'docker_unreachable'
  | 'docker_failed'
  | 'exec_lost'
  | 'port_unreachable'
  | 'server_unreachable'
  | 'command_lost'
  | 'login_refused'
  | 'host_key_changed'
  | 'key_unusable'
  | 'connection_closed'
  | 'deadline_exceeded'
  | 'reboot_refused'
  | 'docker_refused'
  | 'not_found'
  | 'name_in_use'
  | 'not_running'
  | 'port_in_use'
  | 'subnet_in_use'
  | 'disk_full'
  | 'build_failed'
  | 'image_differs'
  | 'image_unreadable'
  | 'path_refused'
  | 'file_failed';

/** A call to a server that failed. The message is a sentence for people and holds no secret. */
export class CloudServerError extends Error {
  override name = 'CloudServerError';
  readonly code: CloudServerErrorCode;
  /** `transient`: the same call may succeed later. `final`: it will not. */
  readonly kind: 'transient' | 'final';
  /** What the message says, for every language. */
  readonly words: Message;

  constructor(
    kind: 'transient' | 'final',
    code: CloudServerErrorCode,
    words: Message,
    options?: ErrorOptions,
  ) {
    super(messageInWords('en', words), options);
    this.kind = kind;
    this.code = code;
    this.words = words;
  }
}

/** True for a {@link CloudServerError} of any realm. */
export const isCloudServerError = (error: unknown): error is CloudServerError =>
  errorName(error) === 'CloudServerError';

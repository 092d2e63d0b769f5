import { type HealthReason, type Message, type RecordedHealth, told } from '@alfa-cloud/contracts';

/** All that can be wrong with a server. */
export type FindingCode =
  | 'engine_unreachable'
  | 'server_unreachable'
  | 'host_key_changed'
  | 'login_refused'
  | 'key_unusable'
  | 'network_missing'
  | 'network_foreign'
  | 'root_foreign'
  | 'directory_missing'
  | 'file_changed'
  | 'volume_missing'
  | 'container_missing'
  | 'container_foreign'
  | 'container_not_running'
  | 'container_detached'
  | 'container_differs'
  | 'mount_lost'
  | 'proxy_configuration_changed'
  | 'proxy_configuration_refused'
  | 'proxy_configuration_not_loaded'
  | 'proxy_not_answering'
  | 'database_not_answering';

/** One thing that is not as it should be. */
export interface Finding extends HealthReason {
  code: FindingCode;
  /** What it is about: a container's, a network's or a directory's name, or a path. */
  about: string;
  /** Clients are not served as long as it is so. */
  isDown: boolean;
}

export const finding = (
  code: FindingCode,
  about: string,
  words: Message,
  { isDown = false }: { isDown?: boolean } = {},
): Finding => ({ code, about, ...told(words), isDown });

export const healthOf = (findings: readonly Finding[]): RecordedHealth => {
  if (findings.some(({ isDown }) => isDown)) return 'down';
  return findings.length > 0 ? 'degraded' : 'ok';
};

/** Reasons in one event, so that it stays small when everything is gone. */
const reasonsMax = 20;
/** Room for a sentence with the last lines of a container. */
const detailMax = 2000;

/** The part of findings that is recorded and shown. */
export const reasonsOf = (findings: readonly Finding[]): HealthReason[] =>
  findings.slice(0, reasonsMax).map(({ code, detail, message }) => ({
    code,
    detail: detail.length > detailMax ? `${detail.slice(0, detailMax - 1)}…` : detail,
    ...(message && { message }),
  }));

/** The same thing, whatever the words. */
export const isSame = (one: Finding, other: Finding): boolean =>
  one.code === other.code && one.about === other.about;

import type { CallOptions } from './call-options.ts';
import type { DockerEngine } from './docker/docker-engine.ts';
import type { ServerMeasurements } from './measurements/measurements.ts';
import type { RebootRequest } from './reboot/reboot-request.ts';
import type { SshAccess } from './ssh/ssh-access.ts';

/**
 * Files of one server under Alfa Cloud's root directory there (for example `/srv/alfa`), which is made when absent.
 * Paths are relative to the root, `/`-separated. A path that leaves the root, by `..`, by an absolute path or by a symbolic link,
 * is refused with a final {@link CloudServerError} `path_refused`. Other failures: final `file_failed` and `disk_full`, transient
 * `deadline_exceeded`. Default deadline 15 s.
 */
export interface ServerFiles {
  /** Absolute path on the server, as Docker needs it for a bind mount. Touches nothing. */
  absolute(path: string): string;
  /** Makes the directory and its parents. No-op when it is there; its mode is then left alone. */
  createDirectory(path: string, options: CallOptions & { mode: number }): Promise<void>;
  /**
   * Replaces the file as a whole: a reader sees the old content or the new one, and after a crash one of both is there.
   * The directory must exist. Success means that the content is on the disk.
   */
  writeAtomic(path: string, content: string, options: CallOptions & { mode: number }): Promise<void>;
  /** The file's text, null when there is no such file. */
  read(path: string, options?: CallOptions): Promise<string | null>;
  /** Names in a directory, null when there is no such directory. */
  list(path: string, options?: CallOptions): Promise<string[] | null>;
  /** Removes a file. No-op when it is absent. */
  removeFile(path: string, options?: CallOptions): Promise<void>;
  /** Removes a directory with all that is in it. No-op when it is absent. */
  removeDirectory(path: string, options?: CallOptions): Promise<void>;
}

/** How a server is reached; reading it asks nobody. `local`: it is the machine of this process. */
export type ServerAccess = { readonly kind: 'local' } | SshAccess;

/** An HTTP request to a port that the server publishes. */
export interface PortRequest {
  port: number;
  /** Value of the `Host` header. */
  host: string;
  /** Path and query. */
  path: string;
}

export interface PortResponse {
  status: number;
  /** Names in lower case; of repeated headers the first. */
  headers: Readonly<Record<string, string>>;
  /** At most the first 64 KiB. */
  body: string;
}

/**
 * One cloud server as the control plane sees it. Every call ends by its deadline; what fails rejects with a {@link CloudServerError}
 * that says whether trying again may help.
 */
export interface CloudServer {
  readonly access: ServerAccess;
  readonly docker: DockerEngine;
  readonly files: ServerFiles;
  /** Never rejects for a value that can't be measured: that one is null. Default deadline 5 s. */
  measure(options?: CallOptions): Promise<ServerMeasurements>;
  /**
   * GET to a published port, over the server's ssh connection where there is one: the port need not be open to us, and who answers has shown
   * the pinned host key. Where the connection can't be made or forwards no ports, to the address of the server. An answer of any status is success; no connection or no answer is transient `port_unreachable`. Default
   * deadline 5 s.
   */
  get(request: PortRequest, options?: CallOptions): Promise<PortResponse>;
  /**
   * Asks for the reboot of the server, unless its boot id is another one by now: then it has been rebooted and nothing happens. Success means that
   * the server was asked, or may have been: the command may go down with the machine, and only another boot id tells. Default deadline 30 s.
   * Errors: final `reboot_refused` when the command ended with another exit code than 0; those of the connection, when nothing was asked.
   */
  reboot(request: RebootRequest, options?: CallOptions): Promise<void>;
  /** Frees connections. Calls after it fail. */
  close(): Promise<void>;
}

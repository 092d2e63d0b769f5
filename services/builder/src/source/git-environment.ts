/** What git may do. */
export interface GitSettings {
  /** Repositories on the machine's own disk are allowed (`file://`). */
  fileUrls: boolean;
  /** Certificates of the authorities that are trusted at `https://`; default: the system's. */
  caFile?: string | undefined;
}

/** Where git and ssh are. */
const programs = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Longest time that a transfer may stand still, s. */
const stalledMaxS = 60;

/**
 * The environment of every call of git. Nobody's configuration applies, nobody is asked, output is English.
 * @param home directory in which git finds no files of anybody
 */
export const gitEnvironment = ({ fileUrls, caFile }: GitSettings, home: string): Record<string, string> => ({
  PATH: programs,
  LC_ALL: 'C',
  HOME: home,
  XDG_CONFIG_HOME: home,
  // Where the helper below looks for its socket.
  XDG_CACHE_HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // Fails at once instead of asking for a password.
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_ALLOW_PROTOCOL: ['https', 'ssh', ...(fileUrls ? ['file'] : [])].join(':'),
  ...(caFile === undefined ? {} : { GIT_SSL_CAINFO: caFile }),
});

const settings: readonly string[] = [
  // No program of the repository runs.
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  // Files come as they are in the commit, on every machine.
  'core.autocrlf=false',
  'core.symlinks=true',
  'i18n.logOutputEncoding=UTF-8',
  // Tidying is called for by name, under the mirror's lock.
  'gc.auto=0',
  'maintenance.auto=false',
  // Without a socket there it knows nothing.
  'credential.helper=cache',
  'http.lowSpeedLimit=100',
  `http.lowSpeedTime=${stalledMaxS}`,
];

/** Options of git itself, before the command. */
export const gitOptions: readonly string[] = settings.flatMap((setting) => ['-c', setting]);

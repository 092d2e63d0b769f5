/** How git is called: which program, and where it keeps nothing. */
export interface GitSettings {
  /** `PATH` by which git and ssh are found. */
  searchPath: string;
  /** Repositories on the machine's own disk are allowed (`file://`). */
  fileUrls: boolean;
}

/** Longest time that a transfer may stand still, s. */
const stalledMaxS = 60;

/**
 * The environment of every call of git. Nobody's configuration applies, nobody is asked, output is English.
 * @param home directory in which git finds no files of anybody
 */
export const gitEnvironment = (
  { searchPath, fileUrls }: GitSettings,
  home: string,
): Record<string, string> => ({
  PATH: searchPath,
  LC_ALL: 'C',
  HOME: home,
  XDG_CONFIG_HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // Fails at once instead of asking for a password.
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_ALLOW_PROTOCOL: ['https', 'ssh', ...(fileUrls ? ['file'] : [])].join(':'),
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
  'http.lowSpeedLimit=100',
  `http.lowSpeedTime=${stalledMaxS}`,
];

/** Options of git itself, before the command. */
export const gitOptions: readonly string[] = settings.flatMap((setting) => ['-c', setting]);

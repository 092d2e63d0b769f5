import { runCommand } from '../src/run-command.ts';

/** Where this machine's apt gets Debian from, in the form that debootstrap and a chroot's apt want it. */
export interface DebianMirror {
  readonly url: string;
  /** Lines of a sources.list. */
  readonly sources: readonly string[];
  /** `http_proxy` and `https_proxy` as far as apt is told to use them. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Lines of an apt.conf: apt refuses an old snapshot of a mirror unless it is told to ignore dates. */
  readonly aptConfiguration: readonly string[];
}

/**
 * Reads apt's own view of its sources, so that mirrors, snapshots and proxies of this machine are respected.
 * @throws Error when apt has no source of that suite
 */
export async function debianMirror(suite: string): Promise<DebianMirror> {
  const targets = await runCommand('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN)|$(CODENAME)|$(REPO_URI)',
    'Created-By: Packages',
  ]).catch(() => '');
  const repositories = new Map<string, string>();
  for (const line of targets.split('\n')) {
    const [origin, codename, url] = line.split('|');
    if (origin === 'Debian' && codename !== undefined && url !== undefined) repositories.set(codename, url);
  }
  const url = repositories.get(suite);
  if (url === undefined) {
    throw new Error(`apt knows no source of Debian ${suite}: name one in its sources and run apt-get update`);
  }
  const security = repositories.get(`${suite}-security`);
  return {
    url,
    sources: [
      `deb ${url} ${suite} main`,
      ...(security === undefined ? [] : [`deb ${security} ${suite}-security main`]),
    ],
    proxies: await aptProxies(),
    aptConfiguration: ['Acquire::Languages "none";', ...(await dateChecks())],
  };
}

async function aptProxies(): Promise<Record<string, string>> {
  const proxies: Record<string, string> = {};
  for (const scheme of ['http', 'https']) {
    const value = await aptSetting(`Acquire::${scheme}::Proxy`);
    const chosen = value || process.env[`${scheme}_proxy`];
    if (chosen) proxies[`${scheme}_proxy`] = chosen;
  }
  return proxies;
}

async function dateChecks(): Promise<string[]> {
  const lines: string[] = [];
  for (const name of ['Acquire::Check-Valid-Until', 'Acquire::Check-Date']) {
    const value = await aptSetting(name);
    if (value) lines.push(`${name} "${value}";`);
  }
  return lines;
}

async function aptSetting(name: string): Promise<string> {
  const assignment = await runCommand('apt-config', ['shell', 'VALUE', name]).catch(() => '');
  return /^VALUE='(.*)'/.exec(assignment)?.[1] ?? '';
}

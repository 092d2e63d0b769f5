import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { run } from './run.mjs';

/** What is run, and the Debian package that has it. */
const messaging = [['nats-server', 'nats-server']];
const engine = [
  ['dockerd', 'docker.io'],
  ['docker-init', 'docker.io'],
  ['containerd', 'containerd'],
  ['iptables', 'iptables'],
  ['ip', 'iproute2'],
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['flock', 'util-linux'],
];
const images = [
  ['debootstrap', 'debootstrap'],
  ['tar', 'tar'],
];
const repositories = [['git', 'git']];
const browsers = [['chromium', 'chromium']];
const remoteServers = [
  ['sshd', 'openssh-server'],
  ['ssh-keygen', 'openssh-client'],
  ['sudo', 'sudo'],
  ['tc', 'iproute2'],
  ['mkfs.ext4', 'e2fsprogs'],
  ['mount', 'mount'],
];
const mailServers = [
  ['postfix', 'postfix'],
  ['dovecot', 'dovecot-imapd'],
];

const archiveKeys = '/usr/share/keyrings/debian-archive-keyring.gpg';
const policyFile = '/usr/sbin/policy-rc.d';

const needsRoot = {
  test: 'The integration tests start Docker Engines and network bridges of their own and need root: sudo npm test\nWithout root: npm run check',
  farm: 'The servers of a farm have Docker Engines and networks of their own and need root: sudo npm run demo -- --farm 2',
  demo: 'No Docker Engine answers on /var/run/docker.sock, and only root can start one: start Docker, or sudo npm run demo',
};

/** Sees to it that every program that `demo`, the demo on a `farm` or `test` starts is there; installs it, or says what to install and fails. */
export async function ensurePrograms(purpose) {
  const isRoot = process.getuid?.() === 0;
  const dockerRuns = existsSync('/var/run/docker.sock');
  const programs = [...messaging, ...images, ...repositories];
  const hasFarm = purpose !== 'demo';
  if (purpose === 'test') programs.push(...mailServers);
  if (hasFarm) programs.push(...engine, ...remoteServers);
  else if (!dockerRuns) programs.push(...engine);

  if (purpose === 'test') programs.push(...browsers);

  const missing = programs.filter(([program]) => !isInPath(program));
  const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))];
  // Debian itself has its keys; another system needs them to trust the packages of the images.
  if (existsSync('/etc/debian_version') && !existsSync(archiveKeys)) packages.push('debian-archive-keyring');
  if (packages.length > 0) await install(packages, missing, isRoot);

  if (!isRoot && (hasFarm || !dockerRuns)) throw new Error(needsRoot[purpose]);
}

async function install(packages, missing, isRoot) {
  const list = packages.join(' ');
  const what = missing.map(([program]) => program).join(', ') || list;
  // Another program that does the same, like the mail server of this machine, is not removed for ours.
  const command = `apt-get install -y --no-install-recommends --no-remove ${list}`;
  if (!isDebianFamily()) {
    throw new Error(`Missing programs: ${what}. Please install them (on Debian the packages are: ${list}).`);
  }
  if (!isRoot) throw new Error(`Missing programs: ${what}. Please run: sudo ${command}`);

  console.log(`Missing programs: ${what}.`);
  console.log(`Installing them with: ${command}`);
  console.log(
    '(about a minute; services that the packages bring are not started now, but when this machine is started',
  );
  console.log('the next time: systemctl disable those that it shall not have)');
  const arguments_ = ['-q', 'install', '-y', '--no-install-recommends', '--no-remove', ...packages];
  if (packages.includes('postfix')) leaveUnconfigured();
  await withoutServiceStarts(async () => {
    if (packages.some((name) => !hasCandidate(name))) await run('apt-get', ['-q', 'update']);
    if ((await apt(arguments_)) === 0) return;
    // The package lists may be older than the mirror.
    await run('apt-get', ['-q', 'update']);
    if ((await apt(arguments_)) !== 0) throw new Error(`apt-get could not install ${list}; see above`);
  });
}

/** Without a configuration of the system's nothing ever starts Postfix by itself. */
function leaveUnconfigured() {
  execFileSync('debconf-set-selections', {
    input: 'postfix postfix/main_mailer_type select No configuration\n',
  });
}

const apt = (args) =>
  run('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' } });

/** Debian's agreed way of saying "start nothing": a second dockerd or nats-server of the system's would only be in the way. */
async function withoutServiceStarts(action) {
  const isOurs = !existsSync(policyFile);
  if (isOurs) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await action();
  } finally {
    if (isOurs) rmSync(policyFile, { force: true });
  }
}

function hasCandidate(name) {
  const policy = execFileSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: (?!\(none\))/.test(policy);
}

function isDebianFamily() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release) && isInPath('apt-get');
}

function isInPath(program) {
  return process.env.PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

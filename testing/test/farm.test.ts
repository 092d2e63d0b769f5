import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { commandLine, isAlive, processIds } from '../src/child-process.ts';
import type { Farm, FarmServer, FarmUser, TemporaryDirectory } from '../src/index.ts';
import { eventually, rigImages, startFarm, temporaryDirectory } from '../src/index.ts';
import { runCommand } from '../src/run-command.ts';

let farm: Farm;
let server: FarmServer;
let home: TemporaryDirectory;

beforeAll(async () => {
  farm = await startFarm([{}, {}]);
  server = farm.servers[0] as FarmServer;
  home = await temporaryDirectory();
  await writeFile(join(home.path, 'key'), farm.keys.ed25519.privateKey, { mode: 0o600 });
});

afterAll(async () => {
  await farm?.dispose();
  await home?.remove();
});

const sshWords = (user: FarmUser, { address } = server) => {
  const known = [
    '-o',
    `UserKnownHostsFile=${join(home.path, 'known')}`,
    '-o',
    'StrictHostKeyChecking=accept-new',
  ];
  const patience = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=2'];
  return ['-F', 'none', '-i', join(home.path, 'key'), ...patience, ...known, `${user}@${address}`];
};
const ssh = (user: FarmUser, command: string) => runCommand('ssh', [...sshWords(user), command]);

const greeting = (host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: 22, timeout: 300 });
    const end = (greets: boolean) => {
      socket.destroy();
      resolve(greets);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });

describe('a farm server', () => {
  it('lets four users in, who may do different things', async () => {
    expect(await ssh('root', 'id -u')).toBe('0\n');
    expect(await ssh('alfa', 'id -Gn && touch /srv/alfa/x')).toBe('alfa docker\n');
    expect(await ssh('ops', 'sudo -n id -u')).toBe('0\n');
    await expect(ssh('ops', 'touch /srv/alfa/x')).rejects.toThrow('Permission denied');
    await expect(ssh('guest', 'sudo -n id -u')).rejects.toThrow('sudo');
  });

  it('lets every one of its keys in', async () => {
    for (const [type, { privateKey, passphrase = '' }] of Object.entries(farm.keys)) {
      const file = join(home.path, type);
      await writeFile(file, privateKey, { mode: 0o600 });
      await runCommand('ssh-keygen', ['-q', '-p', '-P', passphrase, '-N', '', '-f', file]);
      const words = sshWords('alfa').map((word) => (word === join(home.path, 'key') ? file : word));
      expect(await runCommand('ssh', [...words, 'whoami'])).toBe('alfa\n');
    }
  });

  it('comes back from a reboot with its disk and another boot id', async () => {
    const bootId = () => ssh('alfa', 'cat /proc/sys/kernel/random/boot_id');
    const first = await bootId();
    await ssh('alfa', 'echo there > /srv/alfa/file && sync');
    await server.reboot();
    expect(await bootId()).not.toBe(first);
    expect(await ssh('alfa', 'cat /srv/alfa/file')).toBe('there\n');
  });

  it('is not to be reached while its cable is cut, and the other one is', async () => {
    await server.cutCable();
    expect(await greeting(server.address)).toBe(false);
    expect(await greeting(farm.servers[1]?.address ?? '')).toBe(true);
    await server.mendCable();
    await eventually('the server to greet again', () => greeting(server.address));
  });

  it('has a link that can be slow', async () => {
    await server.slowDown(1000);
    const began = performance.now();
    const output = await ssh('alfa', 'head -c 250000 /dev/zero');
    // 250 kB are two seconds at that speed; the rest is what the queue takes at once.
    expect(performance.now() - began).toBeGreaterThan(1500);
    expect(output).toHaveLength(250_000);
    await server.speedUp();
    await expect(server.speedUp()).rejects.toThrow('tc');
  });

  it('has a disk that can be full', async () => {
    await server.fillDisk();
    await expect(ssh('alfa', 'cp /etc/passwd /srv/alfa/more')).rejects.toThrow('No space left');
    await server.emptyDisk();
    await ssh('alfa', 'echo x > /srv/alfa/more');
  });

  it('can have other host keys', async () => {
    const before = server.hostKey('ed25519');
    await ssh('alfa', 'true');
    await server.changeHostKeys();
    expect(server.hostKey('ed25519')).not.toBe(before);
    await expect(ssh('alfa', 'true')).rejects.toThrow('REMOTE HOST IDENTIFICATION HAS CHANGED');
    await runCommand('ssh-keygen', ['-q', '-R', server.address, '-f', join(home.path, 'known')]);
    await ssh('alfa', 'true');
  });

  it('can lose its sshd in mid-command, while the command goes on', async () => {
    const client = spawn('ssh', [...sshWords('alfa'), 'sleep 4711'], { stdio: 'ignore' });
    const runs = async () => (await server.processes()).some((line) => line === 'sleep 4711');
    await eventually('the command', runs);
    // Those of the commands before may still be closing.
    await eventually('its connection alone', async () => (await server.connections()) === 1);
    const ended = once(client, 'exit');
    await server.killSshd();
    expect((await ended)[0]).toBe(255);
    expect(await runs()).toBe(true);
    await server.startSshd();
    await ssh('alfa', 'pkill -f "sleep 471[1]"');
  });
});

describe('a farm', () => {
  it('has servers with Docker, whose containers survive a reboot', async () => {
    await using own = await startFarm([{ docker: true }]);
    const [only] = own.servers as [FarmServer];
    const container = await only.engine.docker.createContainer({
      Image: rigImages.proxy,
      Entrypoint: ['sh', '-c'],
      Cmd: [
        'echo "server { listen 80; return 204; }" >/etc/nginx/conf.d/x.conf; exec nginx -g "daemon off;"',
      ],
      HostConfig: { RestartPolicy: { Name: 'always' }, PortBindings: { '80/tcp': [{ HostPort: '8080' }] } },
    });
    await container.start();
    const answers = () => fetch(`http://${only.address}:8080/`).then(({ status }) => status === 204);
    await eventually('its port', answers);
    await only.reboot();
    await eventually('its port after the reboot', answers);
    const asAlfa = ['--reuid', 'alfa', '--regid', 'alfa', '--init-groups', 'docker', 'version'];
    expect(await only.run('setpriv', ...asAlfa)).toContain('Server:');
  });

  it('leaves nothing behind when the test process is killed', async () => {
    const index = join(import.meta.dirname, '../src/index.ts');
    const script = `
      import { startFarm } from ${JSON.stringify(index)};
      const farm = await startFarm([{}], { firstPlace: 12 });
      console.log(farm.servers[0].address);
      setInterval(() => {}, 1000);`;
    const words = ['--no-warnings', '--input-type=module-typescript', '--eval', script];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const address = line.toString().trim();
    const name = `alfa-farm${Number(address.split('.')[1]) - 76}`;
    const machines = await processesWith(`${name}-s1`);
    expect(machines).not.toEqual([]);
    child.kill('SIGKILL');
    await expectNothingOf(name, machines);
  });

  it('leaves nothing behind when it is disposed of', async () => {
    const own = await startFarm([{}], { firstPlace: 12 });
    const name = `alfa-farm${Number(own.servers[0]?.address.split('.')[1]) - 76}`;
    const machines = await processesWith(`${name}-s1`);
    await own.dispose();
    await expectNothingOf(name, machines);
  });
});

async function expectNothingOf(name: string, machines: readonly number[]): Promise<void> {
  await eventually(`the folder of ${name} to be gone`, () => !existsSync(`/run/alfa-rig/${name}`));
  for (const pid of machines) {
    await eventually('its machine to be gone', async () => !(await isAlive(pid)));
  }
  await eventually('its disk to be gone', async () => !(await runCommand('losetup', ['-a'])).includes(name));
  expect((await readdir('/sys/class/net')).filter((each) => each.startsWith(name))).toEqual([]);
}

async function processesWith(part: string): Promise<number[]> {
  const ids = await processIds();
  const lines = await Promise.all(ids.map(commandLine));
  return ids.filter((_, index) => lines[index]?.includes(part));
}

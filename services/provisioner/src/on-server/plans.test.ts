import { isClientImage, isMadeBy, label } from '@alfa-cloud/servers';
import { describe, expect, test } from '@jest/globals';
import { clientEnvironment, environmentText } from './client-environment.ts';
import { clientNames, cloudAddress } from './names.ts';
import { clientPlan, databasePlan, proxyPlan } from './plans.ts';

const origin = { serverId: 's', operationId: 'o', clientId: 'c' };
const plan = (changes: Partial<Parameters<typeof clientPlan>[0]> = {}) =>
  clientPlan({
    imageId: 'sha256:1',
    imageReference: 'alfa/client:1',
    imageUser: '33:33',
    environment: { PORT: '8000' },
    limits: { memoryMb: 512, cpus: 1, pids: 256 },
    volume: 'alfa-x-storage',
    storagePath: '/app/storage',
    network: 'alfa-x',
    origin,
    ...changes,
  });

describe('plans of containers', () => {
  test('carry who made them and a digest that follows from all that they say', () => {
    expect(plan().labels).toMatchObject({
      'cloud.alfa.managed': 'true',
      'cloud.alfa.server': 's',
      'cloud.alfa.operation': 'o',
      'cloud.alfa.client': 'c',
    });
    expect(plan()).toMatchObject({ image: 'sha256:1', labels: { [label.imageReference]: 'alfa/client:1' } });
    expect(plan().labels[label.plan]).toBe(plan().labels[label.plan]);
    expect(plan({ environment: { PORT: '8001' } }).labels[label.plan]).not.toBe(plan().labels[label.plan]);
  });

  test.each(['33:33', 'www-data', '1000'])('an image that runs as %s keeps no capability', (imageUser) => {
    expect(plan({ imageUser }).capabilities).toEqual({ drop: ['ALL'], add: [] });
  });

  test.each(['', '0', '0:0', 'root', 'root:root', ':0'])(
    'an image that starts as "%s" may become another user',
    (imageUser) => {
      expect(plan({ imageUser }).capabilities.add).toContain('SETUID');
      expect(plan({ imageUser }).capabilities.add).not.toContain('SYS_ADMIN');
    },
  );

  test('the database takes rows of any size, opens no port and reads its password from a file', () => {
    const database = databasePlan({
      image: 'mariadb',
      secretsDirectory: '/srv/alfa/database/secrets',
      backupsDirectory: '/srv/alfa/backups',
      origin,
    });
    expect(database.command).toEqual(['mariadbd', '--max-allowed-packet=1G']);
    expect(database.ports).toEqual([]);
    expect(database.env['MARIADB_ROOT_PASSWORD_FILE']).toBe('/run/alfa/root-password');
    expect(JSON.stringify(database.env)).not.toMatch(/MARIADB_ROOT_PASSWORD"/);
  });

  test('the proxy can not write to what it reads', () => {
    const proxy = proxyPlan({
      image: 'nginx',
      httpPort: 8080,
      configurationDirectory: '/c',
      clientsDirectory: '/d',
      origin,
    });
    expect(proxy.mounts.map((mount) => mount.kind === 'bind' && mount.readOnly)).toEqual([true, true]);
    expect(proxy.ports).toEqual([{ containerPort: 80, hostPort: 8080 }]);
    expect(proxy.argv?.join(' ')).toContain('worker_shutdown_timeout');
  });
});

test('only what the same operation made is its own', () => {
  expect(isMadeBy(origin, plan().labels)).toBe(true);
  expect(isMadeBy({ ...origin, operationId: 'other' }, plan().labels)).toBe(false);
  expect(isMadeBy(origin, { [label.operation]: 'o' })).toBe(false);
});

test('an image of another kind is no client application', () => {
  expect(isClientImage({})).toBe(true);
  expect(isClientImage({ [label.imageKind]: 'client' })).toBe(true);
  expect(isClientImage({ [label.imageKind]: 'proxy' })).toBe(false);
});

test('the address of a cloud names the port unless it is 80', () => {
  expect(cloudAddress('a.lab.test', 80)).toBe('http://a.lab.test');
  expect(cloudAddress('a.lab.test', 8080)).toBe('http://a.lab.test:8080');
});

describe('environment of a client', () => {
  const environment = (name: string) =>
    clientEnvironment({
      names: clientNames('x', 'lab.test'),
      address: 'http://x.lab.test',
      name,
      locale: 'ru',
      appKey: 'base64:k',
      isCopy: false,
      databasePassword: 'p',
    });

  test('keeps every value as it is, to the end of its line', () => {
    const text = environmentText(environment(`O'Reilly "Labs" $HOME \\ # =`));
    expect(text).toContain(`\nAPP_NAME=O'Reilly "Labs" $HOME \\ # =\n`);
    expect(text).toContain('\nDB_DATABASE=alfa_x\n');
  });

  test('refuses a value that would begin another line', () => {
    expect(() => environmentText(environment('a\nDB_HOST=evil'))).toThrow('more than one line');
  });
});

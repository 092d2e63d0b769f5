import { expect, test } from '@jest/globals';
import { readProvisionerConfig } from './config.ts';

const required = { NATS_URL: 'nats://n', ESDB_URL: 'esdb://e', ALFA_MASTER_KEY_FILE: '/k' };

test('without settings everything has its default', () => {
  expect(readProvisionerConfig(required)).toMatchObject({
    local: { socketPath: '/var/run/docker.sock', root: '/srv/alfa', address: '127.0.0.1' },
    perServer: 4,
    ackWaitMs: 10_000,
    preparation: { databaseImage: 'mariadb:10.11', proxyImage: 'nginx:1' },
    clients: { timeZone: 'UTC', commands: { migrate: ['php', 'artisan', 'migrate', '--force'] } },
    availability: { everyMs: 15_000, probeMs: 3000 },
    backups: { keepDays: { manual: 14, scheduled: 14, migration: 7, restore: 7, final: 30 } },
    backupSchedule: { everyMs: 24 * 3_600_000, roundMs: 60_000 },
  });
});

test('a command is a list of words', () => {
  const config = readProvisionerConfig({ ...required, ALFA_COMMAND_MIGRATE: '["bin/migrate","a b"]' });
  expect(config.clients.commands.migrate).toEqual(['bin/migrate', 'a b']);
});

test.each(['php artisan migrate', '[]', '{}', '[1]'])('%s is no command', (value) => {
  expect(() => readProvisionerConfig({ ...required, ALFA_COMMAND_MIGRATE: value })).toThrow(
    'ALFA_COMMAND_MIGRATE',
  );
});

test('a zone that nobody knows is told', () => {
  expect(() => readProvisionerConfig({ ...required, ALFA_TIME_ZONE: 'Mars' })).toThrow('ALFA_TIME_ZONE');
});

test('all that is wrong is told at once', () => {
  const env = { ...required, ALFA_TIME_ZONE: 'Mars', ALFA_COMMAND_MIGRATE: 'x', ALFA_COMMAND_DEMO_SEED: 'y' };
  expect(() => readProvisionerConfig(env)).toThrow(/MIGRATE[^]*DEMO_SEED[^]*TIME_ZONE/);
});

import type { ClientEvent, ServerEvent } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { recorded } from '../testing/recorded.ts';
import { clientStory, serverStory } from '../testing/stories.ts';
import type { HistoricEvent, HistoricOperation } from './historic-events.ts';
import { historyEntry, historyLine } from './history-lines.ts';

const clientId = '00000000-0000-4000-8000-000000000001';
const operationId = '00000000-0000-4000-8000-000000000002';
const of = { clientId, operationId };
const reboot: HistoricOperation = { kind: 'client.reboot', target: { type: 'client', id: clientId } };

const placed = (event: HistoricEvent) => {
  const [first] = recorded([{ stream: 'any', event }]);
  return first as Parameters<typeof historyLine>[0];
};

test.each<[ClientEvent, string, string | null]>([
  [
    { type: 'ClientCreated', data: { ...of, image: 'alfa:1', imageId: 'sha256:1' } },
    'Client created from image alfa:1',
    null,
  ],
  [
    { type: 'ClientCreationFailed', data: { ...of, code: 'unhealthy', reason: 'No answer' } },
    'Creation of the client ended with an error',
    'No answer',
  ],
  [
    { type: 'ClientCreationFailed', data: { ...of, code: 'cancelled', reason: 'On request' } },
    'Creation of the client cancelled',
    'On request',
  ],
  [
    { type: 'ClientOperationBegun', data: { ...of, kind: 'client.enable_demo' } },
    'Filling with demo data begun',
    null,
  ],
  [{ type: 'ClientOperationEnded', data: { ...of, status: 'ok' } }, 'Restart of the client ended well', null],
  [
    { type: 'ClientOperationEnded', data: { ...of, status: 'error' } },
    'Restart of the client ended with an error',
    null,
  ],
  [
    { type: 'ClientOperationEnded', data: { ...of, status: 'cancelled' } },
    'Restart of the client cancelled',
    null,
  ],
  [
    {
      type: 'ClientExpireDateChanged',
      data: { ...of, from: '2026-12-31', to: '2027-12-31', reason: 'Paid' },
    },
    'Last day of use extended from 2026-12-31 to 2027-12-31',
    'Paid',
  ],
  [
    {
      type: 'ClientExpireDateChanged',
      data: { ...of, from: '2026-12-31', to: '2026-01-01', reason: 'Contract ended' },
    },
    'Last day of use brought forward from 2026-12-31 to 2026-01-01',
    'Contract ended',
  ],
  [
    { type: 'ClientMaintenanceEnabled', data: { ...of, message: 'Back at noon' } },
    'Maintenance page turned on: "Back at noon"',
    null,
  ],
  [
    { type: 'ClientMaintenanceEnabled', data: { ...of, message: 'Back\nat noon' } },
    'Maintenance page turned on: "Back at noon"',
    null,
  ],
  [{ type: 'ClientMaintenanceEnabled', data: { ...of, message: null } }, 'Maintenance page turned on', null],
  [{ type: 'ClientMaintenanceDisabled', data: of }, 'Maintenance page turned off', null],
  [{ type: 'ClientDemoEnabled', data: of }, 'Demo data put in', null],
  [{ type: 'ClientDemoDisabled', data: of }, 'Demo data removed', null],
  [
    { type: 'ClientOwnerPasswordChanged', data: { ...of, secrets: 'v1.client.x' } },
    "Owner's password changed",
    null,
  ],
  [{ type: 'ClientUsersCounted', data: { ...of, users: 12 } }, 'Users counted: 12', null],
  [{ type: 'ClientRebooted', data: of }, 'Client restarted', null],
  [
    {
      type: 'ClientChanged',
      data: { ...of, personal: 'v1.client.x', personalChanged: ['name', 'notes'], aliases: [] },
    },
    'Attributes changed: name; notes; no further names',
    null,
  ],
  [
    { type: 'ClientCloudSettingsChanged', data: { ...of, quickStart: true, tutorial: false } },
    'Cloud settings changed: quick start on; tutorial off',
    null,
  ],
  [
    {
      type: 'ClientImageSwitched',
      data: { ...of, from: 'alfa:1', to: 'alfa:2', imageId: 'sha256:2' },
    },
    'Image switched from alfa:1 to alfa:2',
    null,
  ],
  [
    { type: 'ClientContainerReplaced', data: { ...of, image: 'alfa:1', imageId: 'sha256:1' } },
    'Container replaced by a new one from image alfa:1',
    null,
  ],
  [{ type: 'ClientMigrated', data: of }, 'Database migrated', null],
  [
    {
      type: 'ClientBackedUp',
      data: {
        ...of,
        backupId: 'b',
        kind: 'migration',
        serverId: 's',
        image: 'alfa:1',
        database: { bytes: 1, sha256: 'x', tables: 1 },
        storage: null,
        keepUntil: '2026-12-01T00:00:00.000Z',
      },
    },
    'Backup b of database made before a migration, kept until 2026-12-01T00:00:00.000Z',
    null,
  ],
  [
    {
      type: 'ClientBackedUp',
      data: {
        ...of,
        backupId: 'b',
        kind: 'manual',
        serverId: 's',
        image: 'alfa:1',
        database: { bytes: 1, sha256: 'x', tables: 1 },
        storage: null,
        warnings: Array.from({ length: 7 }, (_, n) => ({ kind: 'view', name: `v${n}`, reason: 'no table' })),
        keepUntil: '2026-12-01T00:00:00.000Z',
      },
    },
    'Backup b of database made on request, kept until 2026-12-01T00:00:00.000Z; does not work and is in it as text only: view v0, view v1, view v2, view v3, view v4 and 2 more',
    null,
  ],
  [{ type: 'ClientRestored', data: { ...of, backupId: 'b', backupOf: clientId } }, 'Backup b put back', null],
  [
    {
      type: 'ClientRestored',
      data: {
        ...of,
        backupId: 'b',
        backupOf: clientId,
        warnings: [{ kind: 'view', name: 'broken', reason: 'no table' }],
      },
    },
    'Backup b put back; not back or not working: view broken',
    null,
  ],
  [
    { type: 'ClientRestored', data: { ...of, backupId: 'b', backupOf: 'other' } },
    'Backup b of client other put back',
    null,
  ],
  [{ type: 'ClientDeleted', data: of }, 'Client deleted', null],
])('%j in words', (event, summary, reason) => {
  expect(historyLine(placed(event), reboot)).toEqual({
    kind: event.type,
    target: { type: 'client', id: clientId },
    operationId,
    summary,
    reason,
  });
});

const facts = {
  dockerVersion: '20.10.24',
  engineId: 'engine',
  operatingSystem: 'Debian 12',
  architecture: 'x86_64',
  cpus: 8,
  memoryBytes: 1,
};

test.each<[ClientEvent, string, string | null]>([
  [
    { type: 'ClientCloudSettingsMended', data: { clientId, columns: ['maintenance', 'tutorial'] } },
    "Cloud settings differed in the client's database, put right: maintenance; tutorial",
    null,
  ],
  [
    { type: 'ClientVirtualHostMended', data: { clientId, was: 'missing' } },
    'Virtual host was gone from the server, put back',
    null,
  ],
  [{ type: 'ClientBackupRemoved', data: { clientId, backupId: 'b' } }, 'Backup b removed', null],
  [
    {
      type: 'ClientAvailabilityChanged',
      data: {
        clientId,
        available: false,
        reason: 'container exited with code 137',
        checkedAt: '2026-01-01T00:00:00.000Z',
      },
    },
    'Client not available',
    'container exited with code 137',
  ],
])('%j in words, done by no operation', (event, summary, reason) => {
  const target = { type: 'client', id: clientId };
  expect(historyLine(placed(event), null)).toEqual({
    kind: event.type,
    target,
    operationId: null,
    summary,
    reason,
  });
});

test.each<[ServerEvent, string, string | null]>([
  [
    { type: 'ServerBecameReady', data: { serverId: 's', operationId, facts } },
    'Server ready: Docker 20.10.24 on Debian 12',
    null,
  ],
  [
    {
      type: 'ServerPreparationFailed',
      data: { serverId: 's', operationId, code: 'disk_full', reason: 'No space' },
    },
    'Preparation of the server ended with an error',
    'No space',
  ],
])('%j in words', (event, summary, reason) => {
  const target = { type: 'server', id: 's' };
  expect(historyLine(placed(event), null)).toEqual({
    kind: event.type,
    target,
    operationId,
    summary,
    reason,
  });
});

test('who asked to cancel stands in the history of what the operation is about', () => {
  const asked = placed({ type: 'OperationCancelRequested', data: { operationId, reason: 'a mistake' } });
  expect(historyLine(asked, reboot)).toEqual({
    kind: 'OperationCancelRequested',
    target: reboot.target,
    operationId,
    summary: 'Restart of the client: asked to cancel',
    reason: 'a mistake',
  });
  const none = { type: 'none', id: null } as const;
  expect(historyLine(asked, { kind: 'clients.migrate', target: none })).toMatchObject({
    target: none,
    summary: 'Migration of many databases: asked to cancel',
  });
});

test('an operation that is not known ends without a name', () => {
  const ended = placed({ type: 'ClientOperationEnded', data: { ...of, status: 'ok' } });
  expect(historyLine(ended, null)?.summary).toBe('Operation ended well');
});

test('an entry says who, when and by which request, and nothing that is sealed', () => {
  const story = recorded([
    ...serverStory('one'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.client.personal' }),
  ]);
  const historic = story.filter(({ type }) => /^(Client|Server)/.test(type)) as ReturnType<typeof placed>[];
  const entries = historic.map((event) => historyEntry(event, null));
  expect(entries.map((entry) => entry?.summary)).toEqual([
    'Server "one" registered for one.example.test',
    'Server ready: Docker 20.10.24 on Debian 12',
    'Client "lab" asked for: image alfa:1, last day of use 2027-01-31',
    'Client created from image alfa:1',
  ]);
  expect(entries[0]).toMatchObject({
    id: story[0]?.id,
    at: story[0]?.metadata.at,
    actor: 'admin',
    correlationId: 'request-1',
    commandId: story[0]?.metadata.commandId,
  });
  expect(JSON.stringify(entries)).not.toMatch(/v1\./);
});

import { describe, expect, test } from '@jest/globals';
import type { ClientEvent, OperationKind } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { client, created, failed, requested, spec } from '../../../test/client-story.ts';
import { clientDecider } from '../../domain/client.ts';

const deleted: ClientEvent = { type: 'ClientDeleted', data: { clientId: 'c', operationId: 'd' } };
const begun = (kind: OperationKind, operationId = 'x'): ClientEvent => ({
  type: 'ClientOperationBegun',
  data: { clientId: 'c', operationId, kind },
});
const ended = (status: 'ok' | 'error' | 'cancelled', operationId = 'x'): ClientEvent => ({
  type: 'ClientOperationEnded',
  data: { clientId: 'c', operationId, status },
});
const active = [requested, created];

describe('a change', () => {
  const change = { type: 'change', operationId: 'x' } as const;
  const changed = (data: Partial<Extract<ClientEvent, { type: 'ClientChanged' }>['data']>): ClientEvent => ({
    type: 'ClientChanged',
    data: { clientId: 'c', operationId: 'x', personalChanged: [], ...data },
  });

  test('that the server must know of begins the operation that tells it', () => {
    spec
      .given(...active)
      .when({ ...change, locale: 'en' })
      .expect(begun('client.apply_changes'), changed({ locale: 'en' }));
    const personal = { sealed: 'v1.new', changed: ['name', 'notes'] };
    spec
      .given(...active)
      .when({ ...change, personal })
      .expect(
        begun('client.apply_changes'),
        changed({ personal: 'v1.new', personalChanged: ['name', 'notes'] }),
      );
  });

  test('of what only people read needs no operation, and works beside another one', () => {
    const personal = { sealed: 'v1.new', changed: ['notes'] };
    spec
      .given(...active, begun('client.reboot', 'other'))
      .when({ ...change, personal })
      .expect(changed({ operationId: null, personal: 'v1.new', personalChanged: ['notes'] }));
  });

  test('of the warnings by schedule is recorded at once, and only when it is one', () => {
    const off = { ...change, expiryWarnings: false };
    spec
      .given(...active, begun('client.reboot', 'other'))
      .when(off)
      .expect(changed({ operationId: null, expiryWarnings: false }));
    spec
      .given(...active, changed({ expiryWarnings: false }))
      .when(off)
      .expect();
    spec
      .given(...active)
      .when({ ...change, expiryWarnings: true })
      .expect();
    if (requested.type !== 'ClientCreationRequested') throw new Error('The story has changed');
    const without = { ...requested, data: { ...requested.data, expiryWarnings: false } };
    spec.given(without, created).when(off).expect();
  });

  test('that the server must know of waits for no other operation', () => {
    spec
      .given(...active, begun('client.reboot', 'other'))
      .when({ ...change, aliases: ['lab.example'] })
      .rejects('operation_in_progress');
  });

  test('to what is so already is none', () => {
    spec
      .given(...active)
      .when({ ...change, locale: 'ru', limits: { ...client.limits }, aliases: [] })
      .expect();
  });

  test('is for an active client', () => {
    spec.given(requested, failed).when(change).rejects('client_not_active');
    spec
      .given(...active, deleted)
      .when(change)
      .rejects('gone');
  });
});

describe('cloud settings', () => {
  test('change by what differs, whatever else runs', () => {
    spec
      .given(...active, begun('client.reboot', 'other'))
      .when({ type: 'change_cloud_settings', operationId: 'x', quickStart: false, tutorial: true })
      .expect({
        type: 'ClientCloudSettingsChanged',
        data: { clientId: 'c', operationId: 'x', quickStart: false },
      });
    spec
      .given(...active)
      .when({ type: 'change_cloud_settings', operationId: 'x', tutorial: true })
      .expect();
  });

  test('that were mended are told of an active client only', () => {
    const mended = { type: 'record_settings_mended' as const, columns: ['tutorial'] };
    const event: ClientEvent = {
      type: 'ClientCloudSettingsMended',
      data: { clientId: 'c', columns: ['tutorial'] },
    };
    spec
      .given(...active)
      .when(mended)
      .expect(event);
    spec
      .given(...active, deleted)
      .when(mended)
      .expect();
  });
});

describe('availability', () => {
  const seen = (available: boolean | null) =>
    ({
      type: 'record_availability',
      available,
      reason: null,
      checkedAt: '2026-11-22T18:00:00.000Z',
    }) as const;
  const event = (available: boolean | null): ClientEvent => ({
    type: 'ClientAvailabilityChanged',
    data: { clientId: 'c', available, reason: null, checkedAt: '2026-11-22T18:00:00.000Z' },
  });

  test('is told when it changes, not every time it is looked at', () => {
    spec
      .given(...active)
      .when(seen(true))
      .expect(event(true));
    spec
      .given(...active, event(true))
      .when(seen(true))
      .expect();
    spec
      .given(...active, event(true))
      .when(seen(false))
      .expect(event(false));
    spec
      .given(...active, event(false))
      .when(seen(null))
      .expect(event(null));
  });

  test('of a client that is not in use is nobody’s business', () => {
    spec.given(requested).when(seen(true)).expect();
    spec
      .given(...active, deleted)
      .when(seen(true))
      .expect();
  });
});

describe('a backup', () => {
  const { clientId, operationId, ...data } = {
    clientId: 'c',
    operationId: 'x',
    backupId: 'b',
    kind: 'manual' as const,
    serverId: 's',
    image: 'alfa/client:1',
    database: { bytes: 1, sha256: 'ff', tables: 3 },
    storage: null,
    keepUntil: '2027-01-01T00:00:00.000Z',
  };
  const fact = { type: 'ClientBackedUp', data } as const;
  const backedUp: ClientEvent = { type: 'ClientBackedUp', data: { clientId, operationId, ...data } };
  const removed: ClientEvent = { type: 'ClientBackupRemoved', data: { clientId: 'c', backupId: 'b' } };
  const record = { type: 'record_fact', operationId: 'x', fact } as const;
  const remove = { type: 'remove_backup', backupId: 'b' } as const;

  test('is told once', () => {
    const history = [...active, begun('client.back_up')];
    spec
      .given(...history)
      .when(record)
      .expect(backedUp);
    spec
      .given(...history, backedUp)
      .when(record)
      .expect();
  });

  test('is removed once, of a deleted client too', () => {
    const history = [...active, begun('client.back_up'), backedUp, ended('ok')];
    spec
      .given(...history)
      .when(remove)
      .expect(removed);
    spec
      .given(...history, removed)
      .when(remove)
      .expect();
    spec
      .given(...history, deleted)
      .when(remove)
      .expect(removed);
  });
});

describe('a client whose creation has failed', () => {
  const begin = (kind: OperationKind) => ({ type: 'begin_operation', operationId: 'x', kind }) as const;

  test('can be deleted, and nothing else', () => {
    spec.given(requested, failed).when(begin('client.delete')).expect(begun('client.delete'));
    spec.given(requested, failed).when(begin('client.reboot')).rejects('client_not_active');
    spec
      .given(requested, failed, begun('client.delete', 'other'))
      .when(begin('client.delete'))
      .rejects('operation_in_progress');
  });

  test('is gone afterwards', () => {
    const history = [requested, failed, begun('client.delete')];
    const fact = { type: 'ClientDeleted', data: {} } as const;
    spec
      .given(...history)
      .when({ type: 'end_operation', operationId: 'x', status: 'ok', fact })
      .expect({ type: 'ClientDeleted', data: { clientId: 'c', operationId: 'x' } }, ended('ok'));
    spec
      .given(...history, deleted)
      .when(begin('client.delete'))
      .rejects('gone');
  });
});

describe('an unresolved failure', () => {
  const after = (...events: ClientEvent[]) => {
    const state = fold(clientDecider, [...active, ...events]);
    return state.status === 'active' ? state.unresolvedFailure : undefined;
  };
  const failedSwitch = [begun('client.switch'), ended('error')];

  test('is left by operations that change image, configuration or data', () => {
    expect(after(...failedSwitch)).toEqual({ operationId: 'x', kind: 'client.switch' });
    expect(after(begun('client.reboot'), ended('error'))).toBeNull();
    expect(after(begun('client.migrate'), ended('cancelled'))).toBeNull();
  });

  test('is resolved by the next of these that goes well, and by no other', () => {
    expect(after(...failedSwitch, begun('client.reboot', 'y'), ended('ok', 'y'))).not.toBeNull();
    expect(after(...failedSwitch, begun('client.switch', 'y'), ended('cancelled', 'y'))).not.toBeNull();
    expect(after(...failedSwitch, begun('client.rollback', 'y'), ended('ok', 'y'))).toBeNull();
  });
});

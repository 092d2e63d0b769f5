import { describe, expect, test } from '@jest/globals';
import type { ClientEvent, OperationKind } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { client, created, failed, requested, spec } from '../../test/client-story.ts';
import { clientDecider, type ClientFact } from './client.ts';

test('a creation is requested once', () => {
  spec.given().when({ type: 'request_creation', client }).expect(requested);
  spec.given(requested).when({ type: 'request_creation', client }).expect();
});

test('a creation ends once, well or not', () => {
  spec.given(requested).when({ type: 'complete_creation', imageId: 'sha256:1' }).expect(created);
  spec.given(requested).when({ type: 'fail_creation', code: 'unhealthy', reason: 'ill' }).expect(failed);
  spec.given(requested, created).when({ type: 'fail_creation', code: 'unhealthy', reason: 'ill' }).expect();
  spec.given(requested, failed).when({ type: 'complete_creation', imageId: 'sha256:1' }).expect();
});

test('what was never requested does not end', () => {
  spec.given().when({ type: 'complete_creation', imageId: 'sha256:1' }).expect();
  spec.given().when({ type: 'fail_creation', code: 'unhealthy', reason: 'ill' }).expect();
});

describe('operations on a client', () => {
  const begin = (operationId: string, kind: OperationKind = 'client.reboot') =>
    ({ type: 'begin_operation', operationId, kind }) as const;
  const begun = (operationId: string, kind: OperationKind = 'client.reboot'): ClientEvent => ({
    type: 'ClientOperationBegun',
    data: { clientId: 'c', operationId, kind },
  });
  const ended = (operationId: string, status: 'ok' | 'error' | 'cancelled' = 'ok'): ClientEvent => ({
    type: 'ClientOperationEnded',
    data: { clientId: 'c', operationId, status },
  });
  const active = [requested, created];
  const rebooted = { type: 'ClientRebooted', data: {} } as const;

  test('begin one after the other', () => {
    spec
      .given(...active)
      .when(begin('a'))
      .expect(begun('a'));
    spec
      .given(...active, begun('a'))
      .when(begin('b'))
      .rejects('operation_in_progress');
    spec
      .given(...active, begun('a'), ended('a', 'error'))
      .when(begin('b'))
      .expect(begun('b'));
  });

  test('begin once, however often the command comes', () => {
    spec
      .given(...active, begun('a'))
      .when(begin('a'))
      .expect();
  });

  test('begin on an active client only', () => {
    spec.given().when(begin('a')).rejects('not_found');
    spec.given(requested).when(begin('a')).rejects('operation_in_progress');
    spec.given(requested, failed).when(begin('a')).rejects('client_not_active');
  });

  test('carry their secret, which becomes the client’s with the fact alone', () => {
    const sealed = { ...begun('a', 'client.set_owner_password').data, sealed: 'v1.new' };
    spec
      .given(...active)
      .when({ ...begin('a', 'client.set_owner_password'), sealed: 'v1.new' })
      .expect({ type: 'ClientOperationBegun', data: sealed } as ClientEvent);
    const changed: ClientEvent = {
      type: 'ClientOwnerPasswordChanged',
      data: { clientId: 'c', operationId: 'a', secrets: 'v1.whole' },
    };
    const secretsAfter = (...events: ClientEvent[]) => {
      const state = fold(clientDecider, [...active, ...events]);
      return state.status === 'active' ? state.client.secrets : null;
    };
    expect(secretsAfter(begun('a', 'client.set_owner_password'), ended('a', 'error'))).toBe('v1.secrets');
    expect(secretsAfter(begun('a', 'client.set_owner_password'), changed, ended('a'))).toBe('v1.whole');
  });

  test('end with their fact when they went well, without it when not, and once', () => {
    const fact: ClientEvent = { type: 'ClientRebooted', data: { clientId: 'c', operationId: 'a' } };
    const end = { type: 'end_operation', operationId: 'a', status: 'ok', fact: rebooted } as const;
    spec
      .given(...active, begun('a'))
      .when(end)
      .expect(fact, ended('a'));
    spec
      .given(...active, begun('a'))
      .when({ type: 'end_operation', operationId: 'a', status: 'cancelled' })
      .expect(ended('a', 'cancelled'));
    spec
      .given(...active, begun('a'), fact, ended('a'))
      .when(end)
      .expect();
    spec
      .given(...active, begun('b'))
      .when(end)
      .expect();
  });

  test('tell no news that is none', () => {
    const enabled: ClientEvent = {
      type: 'ClientMaintenanceEnabled',
      data: { clientId: 'c', operationId: 'a', message: 'm' },
    };
    const end = (operationId: string, fact: ClientFact) =>
      ({ type: 'end_operation', operationId, status: 'ok', fact }) as const;
    const history = [...active, enabled, begun('b')];
    const maintenance = (message: string | null) =>
      ({ type: 'ClientMaintenanceEnabled', data: { message } }) as const;
    spec
      .given(...history)
      .when(end('b', maintenance('m')))
      .expect(ended('b'));
    spec
      .given(...history)
      .when(end('b', maintenance(null)))
      .expect(
        { type: 'ClientMaintenanceEnabled', data: { clientId: 'c', operationId: 'b', message: null } },
        ended('b'),
      );
    const off = { type: 'ClientMaintenanceDisabled', data: {} } as const;
    spec
      .given(...active, begun('b'))
      .when(end('b', off))
      .expect(ended('b'));
    const noDemo = { type: 'ClientDemoDisabled', data: {} } as const;
    spec
      .given(...active, begun('b'))
      .when(end('b', noDemo))
      .expect(ended('b'));
  });
});

describe('the last day of use', () => {
  const change = (to: string, confirm = false) =>
    ({
      type: 'change_expire_date',
      operationId: 'x',
      to,
      reason: 'paid',
      today: '2050-06-15',
      confirm,
    }) as const;
  const changed = (to: string): ClientEvent => ({
    type: 'ClientExpireDateChanged',
    data: { clientId: 'c', operationId: 'x', from: '2099-12-31', to, reason: 'paid' },
  });

  test('changes, whatever else runs', () => {
    spec.given(requested, created).when(change('2050-06-15')).expect(changed('2050-06-15'));
    const begun: ClientEvent = {
      type: 'ClientOperationBegun',
      data: { clientId: 'c', operationId: 'o2', kind: 'client.reboot' },
    };
    spec.given(requested, created, begun).when(change('2051-01-01')).expect(changed('2051-01-01'));
  });

  test('that is the same is no change', () => {
    spec.given(requested, created).when(change('2099-12-31')).expect();
  });

  test('lies in the past only when that is meant', () => {
    spec.given(requested, created).when(change('2050-06-14')).rejects('expire_date_in_past');
    spec.given(requested, created).when(change('2050-06-14', true)).expect(changed('2050-06-14'));
  });

  test('is that of an active client', () => {
    spec.given().when(change('2051-01-01')).rejects('not_found');
    spec.given(requested).when(change('2051-01-01')).rejects('operation_in_progress');
    spec.given(requested, failed).when(change('2051-01-01')).rejects('client_not_active');
  });
});

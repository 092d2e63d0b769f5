import { expect, test } from '@jest/globals';
import type { Msg } from '@nats-io/transport-node';
import { readDelivery } from './jetstream-delivery.ts';

const message = (reply: string) => ({ subject: 's', data: new Uint8Array(), reply }) as Msg;

test.each([
  ['$JS.ACK.COMMANDS.provisioner.3.41.7.1795374668202898407.0'],
  ['$JS.ACK._.ACCOUNT.COMMANDS.provisioner.3.41.7.1795374668202898407.0'],
  ['$JS.ACK.domain.ACCOUNT.COMMANDS.provisioner.3.41.7.1795374668202898407.0.random'],
])('reads %s', (ack) => {
  expect(readDelivery(message(ack), 'born')).toMatchObject({ ack, attempt: 3, sequence: 41, born: 'born' });
});

test('a status of the request is no delivery', () => {
  expect(readDelivery(message(''), 'born')).toBeNull();
});

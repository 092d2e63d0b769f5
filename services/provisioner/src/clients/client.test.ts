import { test } from '@jest/globals';
import type { ClientEvent } from '@alfa-cloud/contracts';
import { deciderSpec } from '@alfa-cloud/event-sourcing/testing';
import { clientDecider, type RequestedClient } from './client.ts';

const client: RequestedClient = {
  id: 'c',
  operationId: 'o',
  serverId: 's',
  slug: 'first',
  locale: 'ru',
  expireDate: '2099-12-31',
  image: 'alfa/client:1',
  limits: { memoryMb: 512, cpus: 1, pids: 256 },
  demo: false,
  sendSuccess: false,
  personal: 'v1.personal',
  secrets: 'v1.secrets',
};
const { id, ...facts } = client;
const requested: ClientEvent = { type: 'ClientCreationRequested', data: { clientId: id, ...facts } };
const created: ClientEvent = {
  type: 'ClientCreated',
  data: { clientId: 'c', operationId: 'o', image: 'alfa/client:1', imageId: 'sha256:1' },
};
const failed: ClientEvent = {
  type: 'ClientCreationFailed',
  data: { clientId: 'c', operationId: 'o', code: 'unhealthy', reason: 'ill' },
};
const spec = deciderSpec(clientDecider);

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

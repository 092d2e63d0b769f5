import type { ClientEvent } from '@alfa-cloud/contracts';
import { deciderSpec } from '@alfa-cloud/event-sourcing/testing';
import { clientDecider, type RequestedClient } from '../src/domain/client.ts';

/** How the story of a client begins and goes on, for tests of its decisions. */
export const client: RequestedClient = {
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
export const requested: ClientEvent = { type: 'ClientCreationRequested', data: { clientId: id, ...facts } };
export const created: ClientEvent = {
  type: 'ClientCreated',
  data: { clientId: 'c', operationId: 'o', image: 'alfa/client:1', imageId: 'sha256:1' },
};
export const failed: ClientEvent = {
  type: 'ClientCreationFailed',
  data: { clientId: 'c', operationId: 'o', code: 'unhealthy', reason: 'ill' },
};

export const spec = deciderSpec(clientDecider);

import { message } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { CloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { healthOf } from './healthy.ts';

/** How long the proxy waits for a container before it answers 504 for it, as its configuration says. */
const proxyReadMs = 10_000;

test('an application that hangs is unhealthy by the word of the proxy, which is waited for', async () => {
  const get: CloudServer['get'] = async (_request, { deadlineMs = 5000 } = {}) => {
    if (deadlineMs > proxyReadMs) return { status: 504, headers: {}, body: '' };
    throw new CloudServerError(
      'transient',
      'port_unreachable',
      message`Port 80 of the server does not answer`,
    );
  };
  const client = { cloud: { get }, server: { proxy: { httpPort: 80 } } } as unknown as ClientOnServer;
  const container = { name: 'alfa-first.next', operationId: 'o' };
  expect(await healthOf(client, container, new AbortController().signal)).toBe(504);
});

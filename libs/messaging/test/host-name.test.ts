import { expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { startNatsServer } from '@alfa-cloud/testing';
import { connectMessaging } from '@alfa-cloud/messaging';
import { logger } from './support.ts';

test('a host name that the system knows is reached while the name servers are silent', async () => {
  await using nats = await startNatsServer();
  const nameServer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(nameServer, 'listening');
  const asked: Buffer[] = [];
  nameServer.on('message', (query) => asked.push(query));
  const before = dns.getServers();
  dns.setServers([`127.0.0.1:${nameServer.address().port}`]);
  try {
    const messaging = await connectMessaging({
      url: `nats://localhost:${nats.port}`,
      name: 'test',
      logger,
    });
    expect(messaging.isConnected()).toBe(true);
    await messaging.close();
    expect(asked).toEqual([]);
  } finally {
    dns.setServers(before);
    nameServer.close();
  }
});

import type { ImageView, ServerImage } from '@alfa-cloud/contracts';

/** An image on a server, from which the client runs. */
export const serverImage = (clientId: string, createdAt: string): ServerImage => ({
  id: 'sha256:00',
  references: ['alfa-client:1.4.0', 'alfa-client:latest'],
  clientIds: [clientId],
  version: '1.4.0',
  sizeBytes: 332_000_000,
  createdAt,
});

/** The same over all servers. */
export const imageOverview = (serverId: string, clientId: string, createdAt: string): ImageView => ({
  ...serverImage(clientId, createdAt),
  servers: [{ serverId, references: ['alfa-client:1.4.0'], checkedAt: createdAt }],
  build: null,
  clientCount: 120,
  outdated: true,
});

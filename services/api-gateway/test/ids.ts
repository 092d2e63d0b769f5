import { deriveId } from '@alfa-cloud/contracts';

export const now = '2026-11-22T18:00:00.000Z';
export const serverId = deriveId('test', 'server');
export const clientId = deriveId('test', 'client');
export const operationId = deriveId('test', 'operation');
export const unknownId = deriveId('test', 'nobody');

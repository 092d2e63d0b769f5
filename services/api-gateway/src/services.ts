import type { Clock } from '@alfa-cloud/service-kit';
import type { CommandGate } from './commands/send-command.ts';
import type { GatewayDeps } from './ports.ts';

/** What the handlers of routes work with. */
export interface RouteServices extends Pick<GatewayDeps, 'vault' | 'logger'> {
  clock: Clock;
  queries: Pick<GatewayDeps['messaging']['queries'], 'ask'>;
  feed: GatewayDeps['messaging']['feed'];
  /** What was told about commands that are not decided on yet. */
  receipts: GatewayDeps['messaging']['receipts'];
  commands: CommandGate;
  /** Longest time that a measurement on the server may take before its values are shown as unknown. */
  monitoringWaitMs: number;
  /** Log streams open at the same time. */
  streamsMax: number;
  /** Most bytes, in UTF-8, that an owner's password may have. */
  ownerPasswordMaxBytes: number;
}

/** Options of a query that shall see what the request has to see. */
export const seeing = (request: { minPosition: string | undefined }): { minPosition?: string } =>
  request.minPosition === undefined ? {} : { minPosition: request.minPosition };

import { type CommandData, type CommandName, deriveId, newId, Rejection } from '@alfa-cloud/contracts';
import type { CommandSender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { Clock } from '@alfa-cloud/service-kit';
import type { NewestPosition } from '../http/position.ts';
import { refuse } from '../http/problems.ts';
import type { ApiRequest } from '../http/route.ts';
import { canonicalJson } from './canonical-json.ts';

/** What became of a command: `position` is null when its handler has not answered in time; it will run all the same. */
export interface Sent {
  operationId: string;
  position: string | null;
  /** What the handler made or began; absent when it has not answered in time. */
  ids?: Readonly<Record<string, string>>;
}

export interface CommandGate {
  /** Id of the command that a request means: the same request repeated under one `Idempotency-Key` gives the same id. */
  idOf(request: ApiRequest<unknown>): string;
  /**
   * Sends a command and remembers the position it reached.
   * @throws Rejection when its handler refuses it · RequestRefused when the idempotency key belongs to another request
   */
  send<Name extends CommandName>(
    name: Name,
    commandId: string,
    data: CommandData<Name>,
    request: ApiRequest<unknown>,
  ): Promise<Sent>;
}

/** @param options.replyWaitMs longest wait for a handler's answer once the command is stored */
export const createCommandGate = (options: {
  commands: CommandSender;
  vault: Pick<Vault, 'fingerprint'>;
  clock: Clock;
  newest: NewestPosition;
  replyWaitMs: number;
}): CommandGate => ({
  idOf: ({ actor, idempotencyKey }) =>
    idempotencyKey === undefined ? newId() : deriveId('idempotency', actor, idempotencyKey),

  async send(name, commandId, data, request) {
    const fingerprint = fingerprintOf(options.vault, request);
    const sent = await options.commands.send(
      {
        id: commandId,
        name,
        data,
        actor: request.actor,
        correlationId: request.requestId,
        causationId: request.requestId,
        issuedAt: options.clock().toISOString(),
        fingerprint,
      },
      { waitMs: options.replyWaitMs, isNew: request.idempotencyKey === undefined },
    );
    const operationId = deriveId(commandId, 'operation');
    if (sent.kind === 'stored') return { operationId, position: null };

    const { reply } = sent;
    if (reply.fingerprint !== fingerprint) {
      const detail = 'This key was sent with another request within the last 24 hours; use a new one';
      throw refuse('idempotency_key_reused', detail, { header: 'Idempotency-Key' });
    }
    if (reply.outcome === 'rejected') throw new Rejection(reply.faults);
    options.newest.note(reply.position);
    return {
      operationId: reply.ids['operationId'] ?? operationId,
      position: reply.position,
      ids: reply.ids,
    };
  },
});

/** The same for the same wish, whatever order its members were written in; keyed, because the body may hold a password. */
const fingerprintOf = (vault: Pick<Vault, 'fingerprint'>, request: ApiRequest<unknown>): string => {
  const { method, path, attributes = null, relationships, parameters } = request;
  // Left out when there are none, so that keys sent before commands had parameters stay what they are.
  const asked = Object.keys(parameters ?? {}).length === 0 ? [] : [parameters];
  return vault.fingerprint(canonicalJson([method, path, attributes, relationships, ...asked]));
};

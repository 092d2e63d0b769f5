import {
  message,
  type CommandData,
  type CommandName,
  deriveId,
  type Made,
  newId,
  type OperationKind,
  operationOfCommand,
  type OperationTarget,
  type OperationView,
  type Receipt,
  Rejection,
} from '@alfa-cloud/contracts';
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

/** What a command starts as far as its sender knows: shown of the operation until its own events are. */
export interface StartedOperation {
  /** Null where the answer names another operation's address. */
  kind: OperationKind | null;
  target: OperationTarget;
  /** What the command asked for besides its target; never a secret. Default: not known. */
  parameters?: OperationView['parameters'];
  /** The operation that it repeats. Default: none. */
  retryOf?: string;
  /** Longest time that its handler may take to answer, ms, where it looks at a machine first. Default: that of every command. */
  answerMs?: number;
  /** What the command makes. Default: nothing with an address of its own. */
  made?: Made;
}

export interface CommandGate {
  /** Id of the command that a request means: the same request repeated under one `Idempotency-Key` gives the same id. */
  idOf(request: ApiRequest<unknown>): string;
  /**
   * Sends a command and remembers the position it reached. One that is not answered in time has left a receipt: the address of its operation
   * may be given out.
   * @throws Rejection when its handler refuses it · RequestRefused when the idempotency key belongs to another request
   */
  send<Name extends CommandName>(
    name: Name,
    commandId: string,
    data: CommandData<Name>,
    request: ApiRequest<unknown>,
    started: StartedOperation,
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

  async send(name, commandId, data, request, started) {
    const fingerprint = fingerprintOf(options.vault, request);
    const issuedAt = options.clock().toISOString();
    const sent = await options.commands.send(
      {
        id: commandId,
        name,
        data,
        actor: request.actor,
        correlationId: request.requestId,
        causationId: request.requestId,
        issuedAt,
        fingerprint,
      },
      {
        waitMs: Math.max(options.replyWaitMs, started.answerMs ?? 0),
        isNew: request.idempotencyKey === undefined,
        receipt: receiptOf(commandId, request, started, issuedAt),
      },
    );
    const operationId = operationOfCommand(commandId);
    if (sent.kind === 'stored') return { operationId, position: null };

    const { reply } = sent;
    if (reply.fingerprint !== fingerprint) {
      const detail = message`This key was sent with another request within the last 24 hours; use a new one`;
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

const receiptOf = (
  commandId: string,
  { actor, requestId }: ApiRequest<unknown>,
  { kind, target, parameters = null, retryOf, made }: StartedOperation,
  acceptedAt: string,
): Receipt => ({
  operationId: operationOfCommand(commandId),
  commandId,
  kind,
  target,
  parameters,
  retryOf: retryOf ?? null,
  actor,
  correlationId: requestId,
  acceptedAt,
  made: made ?? null,
});

/** Equal for equal requests, whatever the order of their members; keyed, because the body may hold a password. */
const fingerprintOf = (vault: Pick<Vault, 'fingerprint'>, request: ApiRequest<unknown>): string => {
  const { method, path, attributes = null, relationships, parameters } = request;
  // Left out when there are none, so that keys sent before commands had parameters stay what they are.
  const asked = Object.keys(parameters ?? {}).length === 0 ? [] : [parameters];
  return vault.fingerprint(canonicalJson([method, path, attributes, relationships, ...asked]));
};

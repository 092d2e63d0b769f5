import {
  isRejection,
  streams,
  type ClientEvent,
  type CommandData,
  type Limits,
  type PersonalChanges,
  type PersonalData,
} from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import {
  executionOf,
  isOperationUnderWay,
  type Execute,
  type Execution,
  type Implementation,
} from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { releaseUnused, reserveAliases } from '../../domain/aliases.ts';
import { clientDecider, type ClientCommand } from '../../domain/client.ts';
import type { ActiveClient } from '../../domain/client-state.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { withClientKey } from '../../domain/lost-key.ts';
import type { OperationsDeps } from '../common/module.ts';

type ChangeClient = CommandData<'ChangeClient'>;
type LimitChanges = NonNullable<ChangeClient['limits']>;
type Change = Extract<ClientCommand, { type: 'change' }>;

/**
 * Changes a client's attributes: they are recorded at once, and an operation makes true on the server what it must know of. A change that
 * needs no server works while another operation runs.
 */
export const changeClientHandler = (
  deps: OperationsDeps & { execute: Execute },
  applyChanges: Implementation<ChangeClient>,
): CommandHandler<'ChangeClient'> => ({
  async handle(delivery) {
    const execution = executionOf(delivery);
    const { clientId } = execution.data;
    const { changed, position } = await recordChange(deps, execution);
    if (changed?.operationId === execution.operationId) {
      await deps.execute(applyChanges, { ...execution, data: { clientId } });
    } else {
      await delivery.accepted({ clientId }, position);
    }
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

type Changed = Extract<ClientEvent, { type: 'ClientChanged' }>['data'];

/** Decides on the change, once; new host names are reserved before, and given back when it is refused. */
const recordChange = async (
  deps: OperationsDeps,
  { data, operationId, cause }: Execution<ChangeClient>,
): Promise<{ changed: Changed | null; position: bigint }> => {
  const { store } = deps;
  const { clientId } = data;
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const known = events.find(
    (event) => event.type === 'ClientChanged' && event.metadata.commandId === cause.commandId,
  );
  if (known?.type === 'ClientChanged') return { changed: known.data, position: known.position };
  const before = fold(clientDecider, events);
  // Whether the client can be changed at all is said before anything about the change.
  clientDecider.decide({ type: 'change', operationId }, before);
  const reserved =
    before.status === 'active' && data.aliases !== undefined
      ? await reserveAliases(deps, before, data.aliases, cause)
      : [];
  const command =
    before.status === 'active'
      ? await changeOf(deps.vault, before, data, operationId)
      : ({ type: 'change', operationId } as const);
  try {
    const decision = { clientId, operationId, key: 'change', cause, command };
    const { events: written, position } = await decideOnClient(store, decision);
    const changed = written.find(({ type }) => type === 'ClientChanged');
    return { changed: changed?.type === 'ClientChanged' ? changed.data : null, position };
  } catch (error) {
    if (isRejection(error)) await releaseUnused(store, clientId, reserved, cause);
    throw error;
  }
};

/** The change with its personal part sealed with the client's own key instead of the transport's, and limits whole. */
const changeOf = async (
  vault: Vault,
  { client }: ActiveClient,
  { clientId, personal, locale, limits, aliases, expiryWarnings }: ChangeClient,
  operationId: string,
): Promise<Change> => {
  const changed =
    personal === undefined
      ? null
      : await withClientKey(() => personalOf(vault, clientId, client.personal, personal));
  return {
    type: 'change',
    operationId,
    ...(changed === null ? {} : { personal: changed }),
    ...(locale === undefined ? {} : { locale }),
    ...(limits === undefined ? {} : { limits: limitsAfter(client.limits, limits) }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(expiryWarnings === undefined ? {} : { expiryWarnings }),
  };
};

/** A limit that is null is none of the client's own any more. */
const limitsAfter = (
  before: Limits,
  { uploadMb = before.uploadMb, requestTimeoutS = before.requestTimeoutS, ...changes }: LimitChanges,
): Limits => {
  const { uploadMb: _, requestTimeoutS: __, ...container } = before;
  return {
    ...container,
    ...changes,
    ...(uploadMb === null || uploadMb === undefined ? {} : { uploadMb }),
    ...(requestTimeoutS === null || requestTimeoutS === undefined ? {} : { requestTimeoutS }),
  };
};

/** Null when nothing differs. */
const personalOf = async (
  vault: Vault,
  clientId: string,
  current: string,
  changes: string,
): Promise<NonNullable<Change['personal']> | null> => {
  const before = JSON.parse(await vault.open(current)) as PersonalData;
  const after: PersonalData = { ...before, ...(JSON.parse(await vault.open(changes)) as PersonalChanges) };
  const changed = (Object.keys(after) as (keyof PersonalData)[]).filter(
    (name) => after[name] !== before[name],
  );
  if (changed.length === 0) return null;
  return { sealed: await vault.seal(`client.${clientId}`, JSON.stringify(after)), changed };
};

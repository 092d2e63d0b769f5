import {
  isRejection,
  streams,
  type ClientEvent,
  type CommandData,
  type Limits,
  type PersonalChanges,
  type PersonalData,
} from '@alfa-cloud/contracts';
import { fold, type Cause } from '@alfa-cloud/event-sourcing';
import type { CommandHandler, QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { causeOf } from '@alfa-cloud/operations';
import { isOperationUnderWay, operationIdOf, type OperationDeps } from '../common/accept-and-run.ts';
import { applyChanges } from './apply-changes.ts';
import { releaseUnused, reserveAliases } from '../../domain/aliases.ts';
import { clientDecider, type ClientCommand } from '../../domain/client.ts';
import { decideOnClient, runClientOperation } from '../common/client-operation.ts';
import type { ActiveClient } from '../../domain/client-state.ts';
import { withClientKey } from '../../domain/lost-key.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import type { ReplaceSettings } from '../replacement/replacement.ts';

export interface ChangeClientDeps extends OperationDeps {
  pages: PageDeps;
  queries: QuerySender;
  settings: ReplaceSettings;
}

type LimitChanges = NonNullable<CommandData<'ChangeClient'>['limits']>;
type Change = Extract<ClientCommand, { type: 'change' }>;

/**
 * Changes a client's attributes: they are recorded at once, and an operation makes true on the server what it must know of. A change that
 * needs no server works while another operation runs.
 */
export const changeClientHandler = (deps: ChangeClientDeps): CommandHandler<'ChangeClient'> => {
  const { store, pages, settings } = deps;
  const action = applyChanges(store, pages, settings);
  return {
    async handle({ command, signal, accepted }) {
      const { data } = command;
      const { clientId } = data;
      const operationId = operationIdOf(command);
      const { changed, position } = await recordChange(deps, data, operationId, causeOf(command));
      if (changed?.operationId !== operationId) {
        await accepted({ clientId }, position);
        return;
      }
      await runClientOperation(deps, action, { data: { clientId }, operationId, command, signal, accepted });
    },
    isUnderWay: isOperationUnderWay(store),
  };
};

type Changed = Extract<ClientEvent, { type: 'ClientChanged' }>['data'];

/** Decides on the change, once; new host names are reserved before, and given back when it is refused. */
const recordChange = async (
  deps: ChangeClientDeps,
  data: CommandData<'ChangeClient'>,
  operationId: string,
  cause: Cause,
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
    const decision = { clientId, operationId, place: 'change', cause, command };
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
  { clientId, personal, locale, limits, aliases }: CommandData<'ChangeClient'>,
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

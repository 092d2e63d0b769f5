import {
  message,
  changeCredentials as operation,
  deriveId,
  reject,
  streams,
  type CredentialsEvent,
} from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type Decider, type EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import type { OperationModule, OperationsDeps } from '../common/module.ts';

type CredentialsDeps = Pick<OperationsDeps, 'store' | 'vault' | 'clock' | 'credentials'>;

/** Other credentials of the administrator, in force at once. */
export const changeCredentials: OperationModule<typeof operation> = {
  operation,
  handlers: (deps) => ({ ChangeAdminCredentials: changeAdminCredentialsHandler(deps) }),
};

/**
 * Puts other credentials of the administrator in force and records that they are others, without the password and its hash. They are in
 * force first: an audit of a change that never came would be worse than one that is written a moment late, by the repeated delivery.
 */
export const changeAdminCredentialsHandler = (
  deps: CredentialsDeps,
): CommandHandler<'ChangeAdminCredentials'> => ({
  async handle(delivery) {
    const { command } = delivery;
    const { login, hash, basedOn } = command.data;
    const next = {
      login,
      hash: await deps.vault.open(hash),
      changedAt: deps.clock().toISOString(),
      changeId: command.id,
    };
    const credentials = await deps.credentials();
    if (!(await credentials.replace(next, basedOn))) {
      const detail = message`Somebody else has changed the credentials in the meantime; these are not in force`;
      throw reject('credentials_changed_meanwhile', detail);
    }
    const { position } = await recordCredentialsChange(
      deps.store,
      { login, changeId: command.id },
      causeOf(command),
    );
    await delivery.accepted({}, position);
  },
});

/** Records a change of the credentials, once. */
export const recordCredentialsChange = (
  store: EventStore,
  { login, changeId }: { login: string; changeId: string },
  cause: Cause,
): Promise<{ position: bigint }> =>
  handleCommand(store, {
    stream: streams.credentials,
    decider: credentialsDecider,
    command: { login },
    cause,
    eventIds: (index) => deriveId(changeId, 'credentials', index),
  });

/** The login as last recorded; null while none was. */
const credentialsDecider: Decider<string | null, { login: string }, CredentialsEvent> = {
  initialState: () => null,
  evolve: (_login, event) => event.data.login,
  decide: ({ login }, known) => [
    { type: 'AdminCredentialsChanged', data: { login, loginChanged: known !== null && known !== login } },
  ],
};

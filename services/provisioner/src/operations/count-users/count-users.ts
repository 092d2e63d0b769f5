import { type ClientEvent, countUsers as operation, message, streams } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { type Execution, withLastLines, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { deadlineOf, endedByCancel, runInClient } from '../steps/commands.ts';

/** Asks the application how many users it has. The number is recorded by the step itself, so that a crash after it does not lose it. */
export const countUsers = clientOperation(operation, ({ store, config }) => ({
  steps: (execution) => ({ count: countStep(store, config, execution) }),
  async outcome({ client }, { operationId }) {
    const { events } = await store.read<ClientEvent>(streams.client(client.id));
    const counted = events.findLast(
      (event) => event.type === 'ClientUsersCounted' && event.data.operationId === operationId,
    );
    if (counted?.type !== 'ClientUsersCounted') throw new Error('The count of the users was not recorded');
    return { fact: null, result: { users: counted.data.users } };
  },
}));

const countStep = (
  store: EventStore,
  config: Pick<ClientConfig, 'commands' | 'commandMs'>,
  { operationId, cause }: Pick<Execution<unknown>, 'operationId' | 'cause'>,
): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: deadlineOf(config),
    ...endedByCancel(config.commands.usersCount),
    async act(counted, io) {
      const { client, redact } = counted;
      const command = {
        argv: config.commands.usersCount,
        what: message`Counting the users`,
        failureCode: 'count_failed',
      };
      const output = await runInClient(counted, command, config, io);
      const users = numberIn(output);
      if (users === null) {
        const sentence = message`Counting the users printed something else than a number`;
        throw final('not_a_number', withLastLines(sentence, message`its output`, redact(output)));
      }
      const fact = { type: 'ClientUsersCounted', data: { users } } as const;
      const recording = { type: 'record_fact', operationId, fact } as const;
      await decideOnClient(store, {
        clientId: client.id,
        operationId,
        key: 'count',
        cause,
        command: recording,
      });
      return `Users: ${users}`;
    },
  });

/** The number that a text consists of; null when it is anything else. */
export const numberIn = (text: string): number | null =>
  /^\s*\d{1,15}\s*$/.test(text) ? Number(text.trim()) : null;

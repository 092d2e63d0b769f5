import { message } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { StepFailure } from '@alfa-cloud/operations';
import { errorName } from '@alfa-cloud/service-kit';

/**
 * The read models as a step asks them: while they are away its attempt has failed, and there is another one. Elsewhere the command itself is tried again.
 */
export const askedInStep = (queries: QuerySender): Pick<QuerySender, 'ask'> => ({
  async ask(name, request, options) {
    try {
      return await queries.ask(name, request, options);
    } catch (cause) {
      if (errorName(cause) !== 'MessagingUnavailable') throw cause;
      throw new StepFailure('transient', 'read_models_away', message`The read models do not answer`, {
        cause,
      });
    }
  },
});

import { reject } from '@alfa-cloud/contracts';
import type { CommandHandlers } from '@alfa-cloud/messaging';

/** The commands of this service. */
export const handlers: CommandHandlers = {
  SendMail: {
    async handle() {
      throw reject('not_supported_yet', 'Sending mails is not supported yet');
    },
  },
};

import { installationOperation } from './descriptor.ts';
import { message } from '../words/message.ts';

/** What a command is shown as that ended before an operation of its own could start; see OperationRejected. */
export const rejectedCommand = installationOperation({
  kind: 'command.rejected',
  command: null,
  http: null,
  title: { en: 'Command', ru: 'Команда' },
  steps: {},
  retry: {
    instead: message`It never began: send the request again`,
  },
});

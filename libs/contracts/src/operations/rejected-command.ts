import { installationOperation } from './descriptor.ts';

/** What a command is shown as that ended before an operation of its own could start; see OperationRejected. */
export const rejectedCommand = installationOperation({
  kind: 'command.rejected',
  command: null,
  http: null,
  title: { en: 'Command', ru: 'Команда' },
  steps: {},
  retry: {
    instead: {
      en: 'It never began: send the request again',
      ru: 'Она не начиналась: отправьте запрос ещё раз',
    },
  },
});

import { catalogue } from '../../../words/language.ts';

export const mailTabWords = catalogue({
  en: {
    title: 'Mails to the client',
    none: 'No mail has gone to the client yet.',
    templates: { success: 'Access data', expire: 'End of use' },
    origins: { request: 'asked for', creation: 'after the creation', schedule: 'by schedule' },
    statuses: {
      waiting: 'Waits',
      sending: 'Being sent',
      sent: 'Sent',
      failed: 'Failed',
      bounced: 'Came back',
    },
    nextAttempt: (moment: string) => `Next attempt ${moment}`,
    columns: { requested: 'When', what: 'Mail', status: 'State', why: 'Why' },
  },
  ru: {
    title: 'Письма клиенту',
    none: 'Клиенту ещё не отправляли писем.',
    templates: { success: 'Данные для входа', expire: 'Окончание срока' },
    origins: { request: 'по запросу', creation: 'после создания', schedule: 'по расписанию' },
    statuses: {
      waiting: 'Ждёт отправки',
      sending: 'Отправляется',
      sent: 'Отправлено',
      failed: 'Не отправлено',
      bounced: 'Вернулось',
    },
    nextAttempt: (moment: string) => `Следующая попытка ${moment}`,
    columns: { requested: 'Когда', what: 'Письмо', status: 'Состояние', why: 'Почему' },
  },
});

import { catalogue } from '../../../words/language.ts';

export const mailTabWords = catalogue({
  en: {
    title: 'Mails to the client',
    none: 'No mail has gone to the client yet.',
    templates: { success: 'Access data', expire: 'End of use' },
    origins: { request: 'asked for', creation: 'after the creation', schedule: 'by schedule' },
    columns: { requested: 'When', what: 'Mail', status: 'State', why: 'Why' },
  },
  ru: {
    title: 'Письма клиенту',
    none: 'Клиенту ещё не отправляли писем.',
    templates: { success: 'Данные для входа', expire: 'Окончание срока' },
    origins: { request: 'по запросу', creation: 'после создания', schedule: 'по расписанию' },
    columns: { requested: 'Когда', what: 'Письмо', status: 'Состояние', why: 'Почему' },
  },
});

import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    skip: 'Skip to the content',
    menu: 'Menu',
    sections: 'Sections',
    overview: 'Overview',
    clients: 'Clients',
    servers: 'Servers',
    images: 'Images and builds',
    operations: 'Operations',
    mails: 'Mails and alerts',
    history: 'History',
    account: 'Password',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    signedInAs: (login: string) => `Signed in as ${login}`,
    signOut: 'Sign out',
    awaySince: (since: string) =>
      `Alfa Cloud does not answer. What you see is as of ${since}; it comes up to date by itself.`,
    untoldSince: (since: string) =>
      `Alfa Cloud answers, but does not tell what changes at the moment. What you see may be as of ${since}; it comes up to date by itself.`,
  },
  ru: {
    skip: 'К содержанию',
    menu: 'Меню',
    sections: 'Разделы',
    overview: 'Обзор',
    clients: 'Клиенты',
    servers: 'Серверы',
    images: 'Образы и сборки',
    operations: 'Операции',
    mails: 'Письма и оповещения',
    history: 'История',
    account: 'Пароль',
    language: 'Язык',
    theme: 'Тема',
    themes: { system: 'Как в системе', light: 'Светлая', dark: 'Тёмная' },
    signedInAs: (login: string) => `Вы вошли как ${login}`,
    signOut: 'Выйти',
    awaySince: (since: string) =>
      `Alfa Cloud не отвечает. Показано состояние на ${since}; экран обновится сам.`,
    untoldSince: (since: string) =>
      `Alfa Cloud отвечает, но сейчас не сообщает об изменениях. Показано может быть состояние на ${since}; экран обновится сам.`,
  },
});

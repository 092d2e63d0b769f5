import type { Language, PasswordLinkStatus } from '@alfa-cloud/contracts';

/** `busy`: too many requests; `away`: the link could not be looked up; `shown`: with the password. */
export type PageStatus = PasswordLinkStatus | 'busy' | 'away' | 'shown';

interface PageWords {
  titles: { readonly [Status in PageStatus]: string };
  texts: { readonly [Status in PageStatus]: string };
  show: string;
  address: string;
  login: string;
  password: string;
  help: string;
}

/** What the page of a one-time link says. */
export const words: { readonly [Each in Language]: PageWords } = {
  en: {
    titles: {
      ready: 'The password of your cloud',
      shown: 'The password of your cloud',
      used: 'This link has been used',
      expired: 'This link has expired',
      changed: 'The password has been changed',
      unknown: 'This link is not known',
      busy: 'Too many requests',
      away: 'Not available at the moment',
    },
    texts: {
      ready: 'The password is shown once. Press the button when nobody else can see your screen.',
      shown:
        'This page does not show it again: note it down now, and change it after you have signed in for the first time.',
      used: 'It shows the password once, and that was done. If it was not you, ask for another password at once.',
      expired: 'It is too late to show the password by it. Ask for another mail.',
      changed:
        'It is not the one any more that this mail was about. Ask for another mail if nobody has told you the new one.',
      unknown:
        'Please check that the address is complete: mail programs sometimes break it at the end of a line.',
      busy: 'Please wait a minute and load this page again. The link has not been used up.',
      away: 'Please load this page again in a minute. The link has not been used up.',
    },
    show: 'Show the password',
    address: 'Address',
    login: 'Login',
    password: 'Password',
    help: 'Questions?',
  },
  ru: {
    titles: {
      ready: 'Пароль от вашего облака',
      shown: 'Пароль от вашего облака',
      used: 'Ссылка уже использована',
      expired: 'Срок действия ссылки истёк',
      changed: 'Пароль уже изменён',
      unknown: 'Такой ссылки нет',
      busy: 'Слишком много запросов',
      away: 'Сейчас недоступно',
    },
    texts: {
      ready: 'Пароль показывается один раз. Нажмите кнопку, когда ваш экран никто не видит.',
      shown: 'Эта страница больше не покажет пароль: запишите его сейчас и смените после первого входа.',
      used: 'Она показывает пароль один раз, и это уже произошло. Если это были не вы, сразу попросите новый пароль.',
      expired: 'Показать пароль по ней уже нельзя. Попросите отправить письмо ещё раз.',
      changed:
        'Это уже не тот пароль, о котором было письмо. Попросите новое письмо, если новый пароль вам не сообщили.',
      unknown: 'Проверьте, что адрес полный: почтовые программы иногда обрывают его в конце строки.',
      busy: 'Подождите минуту и откройте страницу ещё раз. Ссылка не использована.',
      away: 'Откройте страницу ещё раз через минуту. Ссылка не использована.',
    },
    show: 'Показать пароль',
    address: 'Адрес',
    login: 'Логин',
    password: 'Пароль',
    help: 'Есть вопросы?',
  },
};

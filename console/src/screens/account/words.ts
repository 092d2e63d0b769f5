import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    title: 'Login and password of Alfa Cloud',
    lead: 'With these the console is opened, and everything that uses the API. The former password is refused everywhere at once.',
    login: 'Login',
    current: 'Current password',
    next: 'New password',
    hint: 'At least 12 characters, at least 6 of them different.',
    again: 'New password once more',
    differs: 'This is not the same as above.',
    show: 'Show the passwords',
    save: 'Change',
    done: 'Changed. This tab goes on with the new password; everybody else has to sign in anew.',
    later:
      'The change is stored and will come into force as soon as the service behind is back. Until then the former password holds.',
  },
  ru: {
    title: 'Логин и пароль Alfa Cloud',
    lead: 'С ними входят в консоль и обращаются к API. Прежний пароль сразу перестаёт действовать везде.',
    login: 'Логин',
    current: 'Текущий пароль',
    next: 'Новый пароль',
    hint: 'Не короче 12 символов, из них не меньше 6 разных.',
    again: 'Новый пароль ещё раз',
    differs: 'Не совпадает с тем, что выше.',
    show: 'Показать пароли',
    save: 'Сменить',
    done: 'Пароль сменён. Эта вкладка работает с новым; всем остальным нужно войти заново.',
    later:
      'Изменение записано и вступит в силу, как только нужная служба вернётся. До тех пор действует прежний пароль.',
  },
});

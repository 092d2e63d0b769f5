import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    title: 'Sign in',
    lead: 'Login and password of the administrator of Alfa Cloud.',
    login: 'Login',
    password: 'Password',
    signIn: 'Sign in',
    wrong: 'Login or password is wrong',
    note: 'They are kept for this tab only and forgotten after 30 minutes without use.',
  },
  ru: {
    title: 'Вход',
    lead: 'Логин и пароль администратора Alfa Cloud.',
    login: 'Логин',
    password: 'Пароль',
    signIn: 'Войти',
    wrong: 'Неверный логин или пароль',
    note: 'Они хранятся только в этой вкладке и забываются через 30 минут без действий.',
  },
});

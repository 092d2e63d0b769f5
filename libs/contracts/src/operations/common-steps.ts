import type { Words } from '../words/words.ts';

/** Steps that several operations on a client have, with the titles that they have there. */
export const commonSteps = {
  application: { en: 'Maintenance mode of the application', ru: 'Режим обслуживания приложения' },
  backup: { en: 'Backup', ru: 'Резервная копия' },
  check: { en: 'Nothing left on the server', ru: 'Проверка, что на сервере ничего не осталось' },
  config: { en: 'Configuration files', ru: 'Файлы настроек' },
  container: { en: 'Container', ru: 'Контейнер' },
  containers: { en: 'Containers', ru: 'Контейнеры' },
  count: { en: 'Count of the users', ru: 'Подсчёт пользователей' },
  database: { en: 'Database and user', ru: 'База данных и её пользователь' },
  demo: { en: 'Demo data', ru: 'Демонстрационные данные' },
  healthy: { en: 'Health of the application', ru: 'Работоспособность приложения' },
  image: { en: 'Image on the server', ru: 'Образ на сервере' },
  migrate: { en: 'Migrations', ru: 'Миграции' },
  network: { en: 'Network', ru: 'Сеть' },
  next: { en: 'New container beside the old one', ru: 'Новый контейнер рядом со старым' },
  observe: { en: 'Observation of the new container', ru: 'Наблюдение за новым контейнером' },
  open: { en: 'Maintenance page off', ru: 'Снятие страницы обслуживания' },
  owner: { en: 'Owner account', ru: 'Учётная запись владельца' },
  page: { en: 'Maintenance page on', ru: 'Показ страницы обслуживания' },
  reachable: { en: 'Reachable through the proxy', ru: 'Доступность через прокси' },
  rename: { en: 'Name of the new container', ru: 'Имя нового контейнера' },
  reserve: { en: 'Reservation of the name', ru: 'Резервирование имени' },
  restart: { en: 'Restart of the container', ru: 'Перезапуск контейнера' },
  restore: { en: 'Data from the backup', ru: 'Данные из резервной копии' },
  retire: { en: 'Removal of the old container', ru: 'Удаление старого контейнера' },
  settings: { en: 'Cloud settings', ru: 'Настройки облака' },
  vhost: { en: 'Virtual host in the proxy', ru: 'Виртуальный хост в прокси' },
  volume: { en: 'Storage volume', ru: 'Том хранилища' },
} as const satisfies Record<string, Words>;

type CommonStep = keyof typeof commonSteps;

/** Steps with their common titles, e.g. `common('restart', 'healthy')`. */
export const common = <const Name extends CommonStep>(
  ...names: readonly Name[]
): Readonly<Record<Name, Words>> => {
  const titles: Partial<Record<CommonStep, Words>> = {};
  for (const name of names) titles[name] = commonSteps[name];
  return titles as Record<Name, Words>;
};

/** The steps that replace a container without a gap. */
export const replacementSteps = common(
  'config',
  'next',
  'healthy',
  'vhost',
  'reachable',
  'observe',
  'retire',
  'rename',
);

/** The same for another image, which may have to be brought to the server first. */
export const otherImageSteps = { ...common('image'), ...replacementSteps };

import type { Words } from '@alfa-cloud/contracts';

/** What paths are about, by their first part, in the order in which they are told. */
export const topics: Readonly<Record<string, { title: Words; description: string }>> = {
  servers: { title: { en: 'Servers', ru: 'Серверы' }, description: 'Machines on which clients live.' },
  clients: {
    title: { en: 'Clients', ru: 'Клиенты' },
    description: 'Laboratories, and everything that is done with them.',
  },
  operations: {
    title: { en: 'Operations', ru: 'Операции' },
    description: 'Long actions: their steps, logs and ends.',
  },
  events: { title: { en: 'Live feed', ru: 'Живая лента' }, description: 'What changes, as it changes.' },
  history: { title: { en: 'History', ru: 'История' }, description: 'Who did what, when and why.' },
  images: {
    title: { en: 'Images', ru: 'Образы' },
    description: 'Images of the client application over all servers.',
  },
  containers: { title: { en: 'Building', ru: 'Сборка образов' }, description: 'Building of images.' },
  builds: {
    title: { en: 'Builds', ru: 'Сборки' },
    description: 'Builds of images, and what became of each.',
  },
  repository: {
    title: { en: 'Repository', ru: 'Репозиторий' },
    description: 'The repository that images are built from.',
  },
  mails: { title: { en: 'Mails', ru: 'Письма' }, description: 'Mails to clients, and what became of each.' },
  alerts: { title: { en: 'Alerts', ru: 'Предупреждения' }, description: 'What somebody has to look after.' },
  webhooks: {
    title: { en: 'Webhooks', ru: 'Вебхуки' },
    description: 'Addresses that are told of what happens.',
  },
  deliveries: {
    title: { en: 'Deliveries', ru: 'Доставки' },
    description: 'What went to webhooks and addresses.',
  },
  cloud_admin_password: {
    title: { en: 'Password of the API', ru: 'Пароль API' },
    description: "The administrator's own login and password.",
  },
  health: { title: { en: 'Health', ru: 'Состояние' }, description: 'Paths for probes.' },
  description: {
    title: { en: 'Description', ru: 'Описание' },
    description: 'This description, for programs and for people.',
  },
};

const ofDescription: ReadonlySet<string> = new Set(['/openapi.json', '/docs', '/docs.css']);

/** The topic of a path. */
export const tagOf = (path: string): string =>
  ofDescription.has(path) ? 'description' : (path.split('/')[1] ?? '');

/** Topics of these paths in their order. @throws Error when one has no title */
export const tags = (paths: readonly string[]): { name: string; description: string }[] => {
  const used = new Set(paths.map(tagOf));
  const unknown = [...used].find((name) => !Object.hasOwn(topics, name));
  if (unknown !== undefined) throw new Error(`Paths below /${unknown} have no topic`);
  return Object.entries(topics).flatMap(([name, { description }]) =>
    used.has(name) ? [{ name, description }] : [],
  );
};

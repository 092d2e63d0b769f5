import { Type } from 'typebox';
import { Id, patterned } from '../values/primitives.ts';
import { message } from '../words/message.ts';
import { installationOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

const parameters = {
  /** Servers that get the image. Default: all active ones that take clients. */
  targetServers: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true })),
  /** Builds although the commit has been built. Default false. */
  force: Type.Optional(Type.Boolean()),
  /** The commit that a push has brought: a build of another one that is running is followed by this one. Absent: it is refused while one runs. */
  pushed: Type.Optional(
    patterned(
      '^[0-9a-f]{40}(?:[0-9a-f]{24})?$',
      'must be the 40 or 64 hexadecimal digits of a commit, like "8f3c1e0b5a7d9246f0c1b2a3948576e5d4c3b2a1"',
    ),
  ),
};

const query = ['targetServers', 'force'] as const;

const steps = {
  source: { en: 'Commit of the branch', ru: 'Коммит ветки' },
  build: { en: 'Build of the image', ru: 'Сборка образа' },
  'smoke-test': { en: 'Smoke test', ru: 'Проверка запуском' },
  publish: { en: 'Names of the image', ru: 'Имена образа' },
  distribute: { en: 'Image on the servers', ru: 'Образ на серверах' },
  retention: { en: 'Removal of older images', ru: 'Удаление старых образов' },
  switch: { en: 'Switch of clients by the rule', ru: 'Переход клиентов по правилу' },
} as const;

/** Builds the image of the development branch and brings it to the servers. A commit that has been built is not built again. */
export const buildDev = installationOperation({
  kind: 'image.build_dev',
  service: 'builder',
  command: 'BuildDev',
  parameters,
  http: {
    path: '/containers/build_dev',
    methods: actionMethods,
    summary: 'Builds the image of the development branch, tests it, and brings it to the servers',
    query,
  },
  title: { en: 'Build of the development branch', ru: 'Сборка ветки разработки' },
  steps,
  retry: {
    instead: message`An operation ${'image.build_dev'} can not be repeated: send its request again`,
  },
});

/** The same of the production branch. */
export const buildProd = installationOperation({
  kind: 'image.build_prod',
  service: 'builder',
  command: 'BuildProd',
  parameters,
  http: {
    path: '/containers/build_prod',
    methods: actionMethods,
    summary: 'Builds the image of the production branch, tests it, and brings it to the servers',
    query,
  },
  title: { en: 'Build of the production branch', ru: 'Сборка рабочей ветки' },
  steps,
  retry: {
    instead: message`An operation ${'image.build_prod'} can not be repeated: send its request again`,
  },
});

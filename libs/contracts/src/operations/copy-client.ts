import { CopyAttributes, copyParameters, refreshParameters } from '../attributes/copies.ts';
import { message } from '../words/message.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';
import { actionMethods, requestDocument } from './http-request.ts';

const dataSteps = {
  check: { en: 'Checks of both servers', ru: 'Проверка обоих серверов' },
  image: { en: 'Image on the stage server', ru: 'Образ на тестовом сервере' },
  source: { en: "Source's database", ru: 'База данных источника' },
  storage: { en: "Source's storage", ru: 'Хранилище источника' },
  clear: { en: 'Queues and scheduled jobs cleared', ru: 'Очистка очередей и заданий по расписанию' },
  mask: { en: 'Masking of the data', ru: 'Обезличивание данных' },
} as const;

/**
 * Makes a second client on a stage server out of what a client holds, and binds it to that one. A failure takes back what was made. Where the
 * copy is there already the same command refreshes it: {@link refreshCopy}.
 */
export const copyClient = clientOperation({
  kind: 'client.copy',
  command: 'CopyClient',
  parameters: copyParameters,
  http: {
    path: '/clients/{id}/copy_to',
    methods: actionMethods,
    summary:
      'Copies the client to a stage server, as a client of its own that sends no mail; a copy that is there is made anew, which needs confirm. dryRun tells what would happen',
    query: ['targetServer', 'slug', 'confirm'],
    body: requestDocument({ type: 'copies', attributes: CopyAttributes, required: false }),
    own: true,
  },
  title: { en: 'Copy to a stage server', ru: 'Копия на тестовый сервер' },
  steps: {
    ...common(
      'reserve',
      'config',
      'database',
      'volume',
      'network',
      'container',
      'healthy',
      'owner',
      'application',
      'settings',
      'vhost',
      'reachable',
    ),
    ...dataSteps,
  },
  retry: {
    instead: message`What it has made was taken back, and what it was to be masked with is not kept: send the copy anew (POST /clients/{id}/copy_to)`,
  },
});

/** Makes a copy anew out of what its source holds now, behind its own maintenance page. A failure puts back what it held. */
export const refreshCopy = clientOperation({
  kind: 'client.refresh_copy',
  command: null,
  parameters: refreshParameters,
  http: null,
  title: { en: 'Refreshment of the copy', ru: 'Обновление копии' },
  steps: {
    ...common('page', 'container', 'healthy', 'owner', 'application', 'settings', 'open', 'reachable'),
    ...dataSteps,
    backup: { en: 'Backup of what the copy holds', ru: 'Резервная копия того, что в копии сейчас' },
  },
  meanwhile: { page: 'its own', container: 'stops' },
  afterFailure: 'unresolved',
  retry: {
    instead: message`What it was to be masked with is not kept: send the copy anew (POST /clients/{id}/copy_to)`,
  },
});

import {
  RepositoryChanges,
  RepositoryCheckAttributes,
  repositoryParameters,
} from '../attributes/repository.ts';
import { message } from '../words/message.ts';
import { installationOperation } from './descriptor.ts';
import { requestDocument } from './http-request.ts';

/**
 * Sets the repository that images are built from, after it has let us in. Decided on and done at once: known as an operation only when the decision
 * came late.
 */
export const setRepository = installationOperation({
  kind: 'repository.set',
  service: 'builder',
  command: 'SetRepository',
  parameters: repositoryParameters,
  http: {
    path: '/repository',
    methods: ['PUT', 'PATCH'],
    summary: 'Sets the repository that images are built from; it must let us in and have both branches',
    body: requestDocument({ type: 'repositories', attributes: RepositoryChanges }),
    own: true,
  },
  title: { en: 'Setting of the repository', ru: 'Настройка репозитория' },
  steps: {},
  retry: { instead: message`An operation ${'repository.set'} can not be repeated: send its request again` },
});

/**
 * Asks the repository whether it lets us in, and trusts another host key of its host when that is told by its fingerprint. Done at once, as the
 * operation above.
 */
export const checkRepository = installationOperation({
  kind: 'repository.check',
  service: 'builder',
  command: 'CheckRepository',
  parameters: RepositoryCheckAttributes.properties,
  http: {
    path: '/repository/check',
    methods: ['POST'],
    summary:
      'Checks that the repository lets us in; with a fingerprint, trusts the host key that its host shows now',
    body: requestDocument({
      type: 'repository-checks',
      attributes: RepositoryCheckAttributes,
      required: false,
    }),
    own: true,
  },
  title: { en: 'Check of the repository', ru: 'Проверка репозитория' },
  steps: {},
  retry: { instead: message`An operation ${'repository.check'} can not be repeated: send its request again` },
});

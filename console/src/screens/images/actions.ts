import { GitBranch, Hammer, ShieldCheck } from '@lucide/vue';
import type { RepositoryView } from '@alfa-cloud/contracts';
import { type Action, type ActionValues, filled } from '../../parts/action.ts';
import { words } from './words.ts';

export type ToldRepository = { [Name in keyof RepositoryView]: RepositoryView[Name] | null };

export const buildAction = (role: 'dev' | 'prod'): Action => {
  const { build } = words.value;
  return {
    key: role,
    name: build[role],
    icon: Hammer,
    does: build.does,
    fields: [{ name: 'force', kind: 'check', label: build.force }],
    request: (values) => ({
      method: 'POST',
      path: `/containers/build_${role}`,
      parameters: { force: values['force'] === true ? true : undefined },
    }),
  };
};

/** What is sent of the form; a key or token that is left empty stays that of before. */
const attributesOf = (values: ActionValues): Record<string, unknown> => {
  const key = filled(values['privateKey']);
  const token = filled(values['token']);
  const username = filled(values['username']);
  const hostKey = filled(values['hostKey']);
  return {
    url: filled(values['url']),
    branches: { dev: filled(values['branches/dev']), prod: filled(values['branches/prod']) },
    dockerfile: filled(values['dockerfile']),
    ...(hostKey !== undefined && { hostKey }),
    ...(key !== undefined && { privateKey: `${key}\n` }),
    ...(token !== undefined && { token }),
    ...(username !== undefined && { username }),
  };
};

/** @param is null while no repository is set */
export const repositoryAction = (is: ToldRepository | null): Action => {
  const { repository: to } = words.value;
  return {
    key: 'repository',
    name: is === null ? to.set : to.change,
    icon: GitBranch,
    does: to.does,
    fields: [
      {
        name: 'url',
        kind: 'line',
        label: to.url,
        hint: to.urlHint,
        initial: is?.url ?? '',
        isRequired: true,
      },
      {
        name: 'branches/dev',
        kind: 'line',
        label: to.dev,
        initial: is?.branches?.dev ?? 'dev',
        isRequired: true,
      },
      {
        name: 'branches/prod',
        kind: 'line',
        label: to.prod,
        initial: is?.branches?.prod ?? 'master',
        isRequired: true,
      },
      {
        name: 'dockerfile',
        kind: 'line',
        label: to.dockerfile,
        initial: is?.dockerfile ?? 'Dockerfile',
        isRequired: true,
      },
      { name: 'privateKey', kind: 'lines', label: to.privateKey, hint: to.privateKeyHint },
      { name: 'token', kind: 'secret', label: to.token, hint: to.tokenHint },
      { name: 'username', kind: 'line', label: to.username, hint: to.usernameHint },
      { name: 'hostKey', kind: 'line', label: to.hostKey, hint: to.hostKeyHint },
    ],
    request: (values) => ({
      method: is === null ? 'PUT' : 'PATCH',
      path: '/repository',
      type: 'repositories',
      attributes: attributesOf(values),
    }),
  };
};

export const checkAction = (): Action => {
  const { check, checkDoes } = words.value.repository;
  return {
    key: 'check',
    name: check,
    icon: ShieldCheck,
    does: checkDoes,
    fields: [],
    request: () => ({ method: 'POST', path: '/repository/check' }),
  };
};

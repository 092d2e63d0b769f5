import type { ActionRequest } from '../../parts/action.ts';
import { filled } from '../../parts/action.ts';
import { newPassword } from '../../parts/new-password.ts';
import { isSlug } from './slug.ts';

/** What the form of a new client holds. */
export interface NewClient {
  name: string;
  slug: string;
  email: string;
  locale: 'ru' | 'en';
  ownerLogin: string;
  ownerPassword: string;
  expireDate: string;
  /** Empty: Alfa Cloud chooses. */
  serverId: string;
  image: string;
  demo: boolean;
  sendSuccess: boolean;
  memoryMb: string;
  cpus: string;
  pids: string;
  notes: string;
}

export const emptyClient = (locale: 'ru' | 'en', expireDate: string): NewClient => ({
  name: '',
  slug: '',
  email: '',
  locale,
  ownerLogin: '',
  ownerPassword: newPassword(),
  expireDate,
  serverId: '',
  image: '',
  demo: false,
  sendSuccess: false,
  memoryMb: '',
  cpus: '',
  pids: '',
  notes: '',
});

const passwordMin = 8;

/** Whether it is worth sending; whatever else is wrong Alfa Cloud tells. */
export const isWhole = ({ name, slug, email, ownerPassword, expireDate, image }: NewClient): boolean =>
  [name, email, expireDate, image].every((value) => filled(value) !== undefined) &&
  isSlug(slug) &&
  ownerPassword.length >= passwordMin;

export const creationOf = (client: NewClient): ActionRequest => {
  const limits = Object.fromEntries(
    (['memoryMb', 'cpus', 'pids'] as const)
      .filter((name) => filled(client[name]) !== undefined)
      .map((name) => [name, Number(client[name])]),
  );
  const { slug, locale, ownerPassword, expireDate, image, demo, sendSuccess, serverId } = client;
  return {
    method: 'POST',
    path: '/clients/create',
    type: 'clients',
    attributes: {
      name: client.name.trim(),
      slug,
      email: client.email.trim(),
      locale,
      ...(filled(client.ownerLogin) && { ownerLogin: filled(client.ownerLogin) }),
      ownerPassword,
      expireDate,
      image,
      demo,
      sendSuccess,
      ...(Object.keys(limits).length > 0 && { limits }),
      ...(filled(client.notes) && { notes: client.notes }),
    },
    ...(serverId !== '' && { relationships: { server: { type: 'servers', id: serverId } } }),
  };
};

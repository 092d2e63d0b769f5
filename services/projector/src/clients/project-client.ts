import type { ClientEvent, ClientView, PersonalData } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** What is stored of a client; availability and address are added when asked. */
export type StoredClient = Omit<ClientView, 'available' | 'availableCheckedAt' | 'cloud'>;

/**
 * The client after one more event. Pure.
 * @param current null before its first event
 * @param personal what the event's sealed personal data say; null when their key was destroyed
 * @returns null when the event speaks of a client that was never asked for, `current` itself when nothing of it has changed
 */
export const projectClient = (
  current: StoredClient | null,
  recorded: RecordedEvent<ClientEvent>,
  personal: PersonalData | null,
): StoredClient | null => {
  const { at } = recorded.metadata;
  if (recorded.type === 'ClientCreationRequested') return requested(recorded.data, personal, at);
  if (current === null) return null;
  switch (recorded.type) {
    case 'ClientCreated':
      return { ...current, status: 'active', failure: null, image: recorded.data.image, updatedAt: at };
    case 'ClientCreationFailed': {
      const { code, reason } = recorded.data;
      return { ...current, status: 'failed', failure: { code, reason }, updatedAt: at };
    }
    case 'ClientExpireDateChanged':
      return { ...current, expireDate: recorded.data.to, updatedAt: at };
    case 'ClientMaintenanceEnabled': {
      const { message } = recorded.data;
      // Turned on while it is on: the message may be another, the page has been there all along.
      return { ...current, maintenance: { message, since: current.maintenance?.since ?? at }, updatedAt: at };
    }
    case 'ClientMaintenanceDisabled':
      return { ...current, maintenance: null, updatedAt: at };
    case 'ClientDemoEnabled':
      return { ...current, demo: true, updatedAt: at };
    case 'ClientDemoDisabled':
      return { ...current, demo: false, updatedAt: at };
    case 'ClientUsersCounted':
      return { ...current, usersCount: recorded.data.users, usersCountedAt: at, updatedAt: at };
    case 'ClientOwnerPasswordChanged':
      return { ...current, updatedAt: at };
    case 'ClientOperationBegun':
    case 'ClientOperationEnded':
    case 'ClientRebooted':
      return current;
    default:
      return recorded satisfies never;
  }
};

const requested = (
  data: Extract<ClientEvent, { type: 'ClientCreationRequested' }>['data'],
  personal: PersonalData | null,
  at: string,
): StoredClient => ({
  id: data.clientId,
  serverId: data.serverId,
  slug: data.slug,
  name: personal?.name ?? null,
  email: personal?.email ?? null,
  ownerLogin: personal?.ownerLogin ?? null,
  notes: personal?.notes ?? null,
  locale: data.locale,
  status: 'creating',
  failure: null,
  expireDate: data.expireDate,
  image: data.image,
  limits: data.limits,
  demo: data.demo,
  sendSuccess: data.sendSuccess,
  maintenance: null,
  usersCount: null,
  usersCountedAt: null,
  operationId: data.operationId,
  createdAt: at,
  updatedAt: at,
});

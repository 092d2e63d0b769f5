import { message, reject, type SshKeyView } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { readSshKeys } from '@alfa-cloud/servers';

/** Questions about key pairs, answered from their events: there are few, and who has just made one sees it. */
export const sshKeyQueries = ({ store }: { store: EventStore }): QueryHandlers => ({
  async ListSshKeys() {
    return { result: { items: (await readSshKeys(store)).map(withoutCredentials) } };
  },
  async GetSshKey({ id }) {
    const key = (await readSshKeys(store)).find((known) => known.id === id);
    if (key === undefined) throw reject('not_found', message`There is no key pair with this id`);
    return { result: withoutCredentials(key) };
  },
});

const withoutCredentials = (key: SshKeyView & { credentials: string }): SshKeyView => {
  const { credentials: _, ...shown } = key;
  return shown;
};

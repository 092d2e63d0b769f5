import { streams, type SshKeyEvent, type SshKeyView } from '@alfa-cloud/contracts';
import type { Decider, EventStore } from '@alfa-cloud/event-sourcing';

type Made = SshKeyEvent['data'];

/** Key pairs by id. */
export type SshKeys = ReadonlyMap<string, Made>;

/** Every pair is made once. */
export const sshKeysDecider: Decider<SshKeys, Made, SshKeyEvent> = {
  initialState: () => new Map(),
  evolve: (keys, { data }) => new Map([...keys, [data.keyId, data]]),
  decide: (made, keys) => (keys.has(made.keyId) ? [] : [{ type: 'SshKeyMade', data: made }]),
};

/** Key pairs as they are shown, newest first. */
export const readSshKeys = async (store: EventStore): Promise<(SshKeyView & Pick<Made, 'credentials'>)[]> => {
  const { events } = await store.read<SshKeyEvent>(streams.sshKeys);
  return events
    .map(({ data: { keyId, publicKey, fingerprint, credentials }, metadata }) => ({
      id: keyId,
      publicKey,
      fingerprint,
      credentials,
      createdAt: metadata.at,
    }))
    .toReversed();
};

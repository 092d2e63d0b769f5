import { makeKeyPair } from '@alfa-cloud/cloud-server';
import { deriveId, message, reject, streams, makeSshKey as operation } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import { readSshKeys, sshKeysDecider } from '@alfa-cloud/servers';
import type { OperationModule, OperationsDeps } from '../common/module.ts';

/** All are read at once whenever one is asked for. */
const keysMax = 1000;

/** A key pair by which servers can be reached; its private part stays sealed here. */
export const makeSshKey: OperationModule<typeof operation> = {
  operation,
  handlers: (deps) => ({ MakeSshKey: makeSshKeyHandler(deps) }),
};

const makeSshKeyHandler = ({ store, vault }: OperationsDeps): CommandHandler<'MakeSshKey'> => ({
  async handle({ command, accepted }) {
    const { keyId, comment } = command.data;
    if ((await readSshKeys(store)).length >= keysMax) {
      throw reject('too_many_keys', message`There are ${keysMax} key pairs already: use one of them`);
    }
    const { privateKey, publicKey, fingerprint } = makeKeyPair(comment);
    const scope = `server.${keyId}` as const;
    await vault.ensureKey(scope);
    const credentials = await vault.seal(scope, JSON.stringify({ privateKey }));
    const { position } = await handleCommand(store, {
      stream: streams.sshKeys,
      decider: sshKeysDecider,
      command: { keyId, publicKey, fingerprint, credentials },
      cause: causeOf(command),
      eventIds: (index) => deriveId(command.id, 'make', index),
    });
    await accepted({ keyId }, position);
  },
});

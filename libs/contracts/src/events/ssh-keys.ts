import { Type, type Static } from 'typebox';
import { closed, Id, Sealed } from '../values/primitives.ts';

export const sshKeyEvents = {
  /** A key pair for servers. `publicKey`: `ssh-ed25519 AAAA… comment`. `credentials`: JSON `{privateKey}` sealed with the key of the scope `server.<keyId>`. */
  SshKeyMade: closed({
    keyId: Id,
    publicKey: Type.String(),
    fingerprint: Type.String(),
    credentials: Sealed,
  }),
};

export type SshKeyEvent = {
  [Name in keyof typeof sshKeyEvents]: { type: Name; data: Static<(typeof sshKeyEvents)[Name]> };
}[keyof typeof sshKeyEvents];

import { Type, type Static } from 'typebox';
import { closed } from '../values/primitives.ts';

export const credentialsEvents = {
  /** The password itself, and its hash, stand in no event. */
  AdminCredentialsChanged: closed({ login: Type.String(), loginChanged: Type.Boolean() }),
};

export type CredentialsEvent = {
  [Name in keyof typeof credentialsEvents]: { type: Name; data: Static<(typeof credentialsEvents)[Name]> };
}[keyof typeof credentialsEvents];

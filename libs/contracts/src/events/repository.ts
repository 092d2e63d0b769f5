import { Type, type Static } from 'typebox';
import { RecordedRepository } from '../attributes/repository.ts';
import { closed, Sealed } from '../values/primitives.ts';

export const repositoryEvents = {
  /**
   * Images are built from this repository from now on; it had let us in before. `credentials`, `hookSecret`: as in the command, sealed with the key of
   * the scope `repository`.
   */
  RepositorySet: closed({
    ...RecordedRepository.properties,
    credentials: Type.Optional(Sealed),
    hookSecret: Type.Optional(Sealed),
  }),
  /** Somebody has said that this host key, which the host of the repository shows in the place of the former one, is its own. */
  RepositoryHostKeyAccepted: closed({ hostKey: Type.String(), fingerprint: Type.String() }),
};

export type RepositoryEvent = {
  [Name in keyof typeof repositoryEvents]: { type: Name; data: Static<(typeof repositoryEvents)[Name]> };
}[keyof typeof repositoryEvents];

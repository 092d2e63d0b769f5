import type { RecordedRepository } from '../attributes/repository.ts';

/** The repository that images are built from. */
export interface RepositoryView extends RecordedRepository {
  /** When it was set, or its host key accepted, last. */
  changedAt: string;
}

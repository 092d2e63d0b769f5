import type { BranchRole } from '../events/builds.ts';
import type { BuildStatus } from '../views/build-views.ts';
import type { PageRequest } from './page.ts';

/** Newest first. */
export interface ListBuilds {
  page: PageRequest;
  filter: { role?: BranchRole; status?: BuildStatus; commit?: string };
}

export type ImageSortField = 'name' | 'createdAt' | 'sizeBytes' | 'clientCount';

export interface ListImages {
  page: PageRequest;
  sort: { field: ImageSortField; descending: boolean }[];
  filter: {
    serverId?: string;
    /** Exactly this name. */
    reference?: string;
    /** Names without their tags. */
    repository?: string;
    outdated?: boolean;
    /** Whether clients run from it. */
    inUse?: boolean;
    /** Text anywhere in a name. */
    search?: string;
  };
}

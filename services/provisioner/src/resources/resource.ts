import type { CallOptions } from '@alfa-cloud/cloud-server';

/**
 * One thing that Alfa Cloud keeps on a server. Labels, an owner file or an owner tag say who made it; what somebody else made under the same
 * name is never changed. Every call may be repeated. A module leaves out what nobody needs.
 */
export interface Resource<Found = unknown> {
  /** What stands there now; null when nothing does. Changes nothing. */
  inspect(options: CallOptions): Promise<Found>;
  /** Makes it as it should be. Final failure `name_occupied` when it is somebody else's. @returns a sentence for the log */
  ensure(options: CallOptions): Promise<string>;
  /** Removes it if it is the owner's; otherwise says why not. @returns a sentence for the log */
  remove(options: CallOptions): Promise<string>;
}

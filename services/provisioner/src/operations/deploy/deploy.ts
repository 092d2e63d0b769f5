import { deployClient } from '@alfa-cloud/contracts';
import { clientOperation } from '../common/client-operation.ts';
import { bySameImage } from '../replacement/same-image.ts';

/**
 * Makes the client's configuration anew, and replaces its container when that differs from the one it was made by. The virtual host of a
 * client whose container is not replaced is the business of the operation that deploys to the whole server.
 */
export const deploy = clientOperation(deployClient, (deps) =>
  bySameImage(deps, ({ force = false }) => ({ always: force, vhostAnyway: false })),
);

/** Registered servers: what is recorded of them, connections to them, and images between them. */
export {
  createCloudServers,
  createTryConnection,
  type CloudServers,
  type CloudServersConfig,
  type TryConnection,
} from './connections/cloud-servers.ts';
export { readCloudServers } from './connections/config.ts';
export {
  openCredentials,
  sealedForServer,
  sealedLogin,
  withCredentials,
  withPublicKeys,
} from './connections/ssh-credentials.ts';
export { carryImage, readImageAhead, type CarryImage, type CarryImageDeps } from './images/carry-image.ts';
export { readImages, type ImagesConfig } from './images/config.ts';
export { freeOnDockerDisk } from './images/docker-disk.ts';
export { imageInWords, nameParts } from './images/image-name.ts';
export { nameCarried } from './images/name-carried.ts';
export {
  clientOwnerTag,
  isClientImage,
  isForClient,
  isMadeBy,
  label,
  labelsOf,
  mayTakeOver,
  type Origin,
} from './labels.ts';
export {
  controlPlaneDecider,
  isSameAlert,
  type AlertCommand,
  type AlertKey,
  type KnownAlert,
} from './server/alerts.ts';
export { loadServer, type Loaded } from './server/load-server.ts';
export { effectiveChanges, preparedChanges } from './server/server-change.ts';
export type { RebootCommand } from './server/server-reboot.ts';
export {
  isRebooting,
  isUnderWork,
  type CheckedServer,
  type RegisteredServer,
  type ServerChanges,
  type ServerCommand,
  type ServerSecrets,
  type ServerState,
} from './server/server-state.ts';
export { serverDecider } from './server/server.ts';
export { isBeingRebooted } from './server/settled-server.ts';
export { readSshKeys, sshKeysDecider } from './server/ssh-keys.ts';
export { objectionsToClients } from './server/takes-clients.ts';
export { isTransient, serverStep } from './steps/server-step.ts';

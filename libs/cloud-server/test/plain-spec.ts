import type { ContainerSpec } from '../src/index.ts';

/** A container that runs and does nothing of interest. */
export const plainSpec: ContainerSpec = {
  image: 'alfa/nginx:1',
  env: {},
  labels: { 'cloud.alfa.managed': 'true' },
  network: 'bridge',
  mounts: [],
  ports: [],
  noNewPrivileges: true,
  capabilities: { drop: [], add: [] },
  restart: 'always',
  log: { maxSizeMb: 1, maxFiles: 1 },
};

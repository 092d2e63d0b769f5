export { readProvisionerConfig, type ProvisionerConfig } from './config.ts';
export { recordCredentialsChange } from './operations/change-credentials/change-admin-credentials.ts';
export { inventory, type Inventory } from './resources/inventory.ts';
export { createProvisioner, type ProvisionerDeps } from './provisioner.ts';

export {
  openAdminCredentials,
  type AdminCredentials,
  type AdminCredentialsAt,
  type AdminCredentialsStore,
} from './admin-credentials.ts';
export { openKeyStore } from './bucket-key-store.ts';
export { createVault } from './create-vault.ts';
export { isKeyLost } from './key-lost.ts';
export type { KeyStore } from './key-store.ts';
export { loadMasterKey } from './master-key.ts';
export { adoptMasterKey, foreignKeys, MasterKeyRefused, verifyMasterKey } from './master-key-check.ts';
export { generatePassword, hashPassword, verifyPassword } from './password.ts';
export { createRedactor, redacted } from './redact.ts';
export { KeyDestroyed, SealBroken, type KeyLoss, type KeyScope, type Vault } from './vault.ts';

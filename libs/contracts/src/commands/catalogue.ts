import type { Static, TSchema } from 'typebox';
import { DeployClients, MigrateAllClients, SwitchAllImages } from './bulk.ts';
import {
  BackUpClient,
  ChangeClient,
  ChangeCloudSettings,
  ChangeExpireDate,
  CreateClient,
  DeleteClient,
  EnableMaintenance,
  MigrateClient,
  OfClient,
  RestoreClient,
  SetOwnerPassword,
  SwitchImage,
} from './clients.ts';
import { ChangeAdminCredentials } from './credentials.ts';
import { BuildImage, CancelOperation, RetryOperation, SendMail } from './operations.ts';
import { ChangeServer, PrepareServer, RegisterServer, RemoveServer } from './servers.ts';

export type ServiceName = 'api-gateway' | 'provisioner' | 'builder' | 'notifier' | 'projector';

/** Every command: who handles it and the schema of its data. */
export const commandCatalogue = {
  RegisterServer: { service: 'provisioner', data: RegisterServer },
  ChangeServer: { service: 'provisioner', data: ChangeServer },
  PrepareServer: { service: 'provisioner', data: PrepareServer },
  RemoveServer: { service: 'provisioner', data: RemoveServer },
  CreateClient: { service: 'provisioner', data: CreateClient },
  ChangeClient: { service: 'provisioner', data: ChangeClient },
  ChangeExpireDate: { service: 'provisioner', data: ChangeExpireDate },
  ChangeCloudSettings: { service: 'provisioner', data: ChangeCloudSettings },
  SetOwnerPassword: { service: 'provisioner', data: SetOwnerPassword },
  RebootClient: { service: 'provisioner', data: OfClient },
  EnableMaintenance: { service: 'provisioner', data: EnableMaintenance },
  DisableMaintenance: { service: 'provisioner', data: OfClient },
  EnableDemo: { service: 'provisioner', data: OfClient },
  DisableDemo: { service: 'provisioner', data: OfClient },
  CountUsers: { service: 'provisioner', data: OfClient },
  SwitchImage: { service: 'provisioner', data: SwitchImage },
  /** Back to the image before the last switch. */
  RollBackImage: { service: 'provisioner', data: OfClient },
  MigrateClient: { service: 'provisioner', data: MigrateClient },
  BackUpClient: { service: 'provisioner', data: BackUpClient },
  RestoreClient: { service: 'provisioner', data: RestoreClient },
  DeleteClient: { service: 'provisioner', data: DeleteClient },
  SwitchAllImages: { service: 'provisioner', data: SwitchAllImages },
  MigrateAllClients: { service: 'provisioner', data: MigrateAllClients },
  DeployClients: { service: 'provisioner', data: DeployClients },
  CancelOperation: { service: 'provisioner', data: CancelOperation },
  RetryOperation: { service: 'provisioner', data: RetryOperation },
  ChangeAdminCredentials: { service: 'provisioner', data: ChangeAdminCredentials },
  BuildImage: { service: 'builder', data: BuildImage },
  SendMail: { service: 'notifier', data: SendMail },
} as const satisfies Record<string, { service: ServiceName; data: TSchema }>;

export type CommandName = keyof typeof commandCatalogue;
export type CommandData<Name extends CommandName> = Static<(typeof commandCatalogue)[Name]['data']>;

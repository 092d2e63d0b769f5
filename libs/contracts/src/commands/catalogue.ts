import type { Static, TSchema } from 'typebox';
import { ChangeExpireDate, CreateClient, EnableMaintenance, OfClient, SetOwnerPassword } from './clients.ts';
import { BuildImage, CancelOperation, SendMail } from './operations.ts';
import { RegisterServer } from './servers.ts';

export type ServiceName = 'api-gateway' | 'provisioner' | 'builder' | 'notifier' | 'projector';

/** Every command: who handles it and the schema of its data. */
export const commandCatalogue = {
  RegisterServer: { service: 'provisioner', data: RegisterServer },
  CreateClient: { service: 'provisioner', data: CreateClient },
  RebootClient: { service: 'provisioner', data: OfClient },
  EnableMaintenance: { service: 'provisioner', data: EnableMaintenance },
  DisableMaintenance: { service: 'provisioner', data: OfClient },
  EnableDemo: { service: 'provisioner', data: OfClient },
  DisableDemo: { service: 'provisioner', data: OfClient },
  SetOwnerPassword: { service: 'provisioner', data: SetOwnerPassword },
  CountUsers: { service: 'provisioner', data: OfClient },
  ChangeExpireDate: { service: 'provisioner', data: ChangeExpireDate },
  CancelOperation: { service: 'provisioner', data: CancelOperation },
  BuildImage: { service: 'builder', data: BuildImage },
  SendMail: { service: 'notifier', data: SendMail },
} as const satisfies Record<string, { service: ServiceName; data: TSchema }>;

export type CommandName = keyof typeof commandCatalogue;
export type CommandData<Name extends CommandName> = Static<(typeof commandCatalogue)[Name]['data']>;

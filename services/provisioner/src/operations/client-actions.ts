import type { CommandData, CommandName } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { CloudServers } from '../on-server/cloud-servers.ts';
import { applyChanges } from './apply-changes/apply-changes.ts';
import { backUp } from './back-up/back-up.ts';
import { countUsers } from './count-users/count-users.ts';
import { deleteClient } from './delete/delete.ts';
import { deploy } from './deploy/deploy.ts';
import { disableDemo, enableDemo } from './demo/demo.ts';
import { disableMaintenance, enableMaintenance } from './maintenance/maintenance.ts';
import { migrate } from './migrate/migrate.ts';
import { setOwnerPassword } from './set-owner-password/set-owner-password.ts';
import { reboot } from './reboot/reboot.ts';
import { restore } from './restore/restore.ts';
import { rollBack } from './roll-back/roll-back.ts';
import { switchImage } from './switch/switch.ts';
import type { BackupDeps } from '../resources/backup/recorded-backup.ts';
import type { ClientAction, ClientData } from './common/client-operation.ts';
import type { ClientSettings } from '../on-server/client-settings.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import type { ReplaceSettings } from './replacement/replacement.ts';

export interface ClientActionsDeps {
  keeping: BackupDeps & { vault: Vault; cloudServers: CloudServers };
  queries: QuerySender;
  pages: PageDeps;
  settings: ClientSettings & ReplaceSettings;
}

/** Every operation that has a client for itself: by the command that asks for it, or by what it is to a larger one. */
export const clientActions = ({ keeping, queries, pages, settings }: ClientActionsDeps) => {
  const { store, vault, cloudServers } = keeping;
  const switching = { pages, cloudServers, settings };
  return {
    RebootClient: reboot(settings),
    EnableMaintenance: enableMaintenance(pages, settings),
    DisableMaintenance: disableMaintenance(pages, settings),
    EnableDemo: enableDemo(settings),
    DisableDemo: disableDemo(settings),
    SetOwnerPassword: setOwnerPassword(vault, settings),
    CountUsers: countUsers(store, settings),
    SwitchImage: switchImage(switching),
    RollBackImage: rollBack(switching),
    BackUpClient: backUp(keeping),
    MigrateClient: migrate(keeping, pages, settings),
    RestoreClient: restore({ ...keeping, queries }, pages, settings),
    DeleteClient: deleteClient(keeping, pages, settings),
    applyChanges: applyChanges(store, pages, settings),
    deploy: deploy(pages, settings),
  } satisfies Actions;
};

type Actions = {
  [Name in CommandName]?: ClientAction<CommandData<Name> & ClientData>;
} & { applyChanges: ClientAction<ClientData>; deploy: ClientAction<ClientData & { force?: boolean }> };

export type ClientActions = ReturnType<typeof clientActions>;

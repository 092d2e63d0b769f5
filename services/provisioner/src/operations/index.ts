import type { Complete, OperationsOf } from '@alfa-cloud/contracts';
import type { CommandHandlers } from '@alfa-cloud/messaging';
import { operationHandler, type Execute, type Implementation } from '@alfa-cloud/operations';
import { acceptHostKey } from './accept-host-key/accept-host-key.ts';
import { applyChanges } from './apply-changes/apply-changes.ts';
import { applyExpiry } from './apply-expiry/apply-expiry.ts';
import { applySettings } from './apply-settings/apply-settings.ts';
import { backUp } from './back-up/back-up.ts';
import { changeCredentials } from './change-credentials/change-admin-credentials.ts';
import type { OperationModule, OperationsDeps } from './common/module.ts';
import { copy } from './copy/copy.ts';
import { refresh } from './copy/refresh.ts';
import { countUsers } from './count-users/count-users.ts';
import { create } from './create/create.ts';
import { deleteClient } from './delete/delete.ts';
import { deploy } from './deploy/deploy.ts';
import { disableDemo } from './disable-demo/disable-demo.ts';
import { disableMaintenance } from './disable-maintenance/disable-maintenance.ts';
import { endDraining } from './end-draining/end-draining.ts';
import { enableDemo } from './enable-demo/enable-demo.ts';
import { enableMaintenance } from './enable-maintenance/enable-maintenance.ts';
import { makeSshKey } from './make-ssh-key/make-ssh-key.ts';
import { migrate } from './migrate/migrate.ts';
import { move } from './move/move.ts';
import { prepareServer } from './prepare-server/prepare-server.ts';
import { reboot } from './reboot/reboot.ts';
import { rebootServer } from './reboot-server/reboot-server.ts';
import { releaseMove } from './release-move/release-move.ts';
import { removeServer } from './remove-server/remove-server.ts';
import { restore } from './restore/restore.ts';
import { rollBack } from './rollback/rollback.ts';
import { setOwnerPassword } from './set-owner-password/set-owner-password.ts';
import { undoMove } from './undo-move/undo-move.ts';
import { switchImage } from './switch/switch.ts';

/** Every kind of operation that the provisioner carries out on one thing. */
const modules = {
  'client.apply_changes': applyChanges,
  'client.apply_expiry': applyExpiry,
  'client.apply_settings': applySettings,
  'client.back_up': backUp,
  'client.copy': copy,
  'client.count_users': countUsers,
  'client.create': create,
  'client.delete': deleteClient,
  'client.deploy': deploy,
  'client.disable_demo': disableDemo,
  'client.disable_maintenance': disableMaintenance,
  'client.enable_demo': enableDemo,
  'client.enable_maintenance': enableMaintenance,
  'client.migrate': migrate,
  'client.move': move,
  'client.reboot': reboot,
  'client.release_move': releaseMove,
  'client.refresh_copy': refresh,
  'client.restore': restore,
  'client.rollback': rollBack,
  'client.set_owner_password': setOwnerPassword,
  'client.switch': switchImage,
  'client.undo_move': undoMove,
  'credentials.change': changeCredentials,
  'server.accept_host_key': acceptHostKey,
  'server.end_draining': endDraining,
  'server.prepare': prepareServer,
  'server.reboot': rebootServer,
  'server.remove': removeServer,
  'ssh_key.make': makeSshKey,
} satisfies Complete<OperationsOf<'provisioner'>>;

const all: readonly OperationModule[] = Object.values(modules);

export type Implementations = Readonly<Record<string, Implementation<unknown>>>;

/** Of each kind that has steps, by its name. */
export const implementationsOf = (deps: OperationsDeps): Implementations =>
  Object.fromEntries(
    all.flatMap(({ operation, implement }) =>
      implement === undefined ? [] : [[operation.kind, implement(deps)]],
    ),
  );

/** Handlers of all commands that ask for them. */
export const operationHandlers = (deps: OperationsDeps & { execute: Execute }): CommandHandlers => {
  const handlers = all.map(({ operation: { command }, implement, handlers }) => {
    if (handlers !== undefined) return handlers(deps);
    if (implement === undefined || command === null) return {};
    return { [command]: operationHandler(deps, implement(deps)) };
  });
  return Object.assign({}, ...handlers) as CommandHandlers;
};

import { deriveId, streams, type ClientEvent, type OperationsOf } from '@alfa-cloud/contracts';
import type { PlacedEvent } from './recorded.ts';
import { clientIdOf, operationStory, serverIdOf, type Ending } from './stories.ts';

/** Those of the notifier leave no mark on the client's stream. */
type ActionKind = Exclude<
  Extract<OperationsOf<'provisioner'>['kind'], `client.${string}`>,
  'client.create' | 'client.copy'
>;

/** What an administrator does with a client that is there. */
export interface ClientAction {
  kind: ActionKind;
  ending?: Ending;
  /** Message of the maintenance page. */
  message?: string | null;
  users?: number;
  /** The last day of use before and after, and why. */
  from?: string;
  to?: string;
  reason?: string;
  /** Image that the client is switched to. */
  image?: string;
  backup?: Partial<Extract<ClientEvent, { type: 'ClientBackedUp' }>['data']>;
  changes?: Partial<Extract<ClientEvent, { type: 'ClientChanged' }>['data']>;
}

/** Every kind of action, for tests that choose among them. */
export const actionKinds: readonly ActionKind[] = [
  'client.reboot',
  'client.enable_maintenance',
  'client.disable_maintenance',
  'client.enable_demo',
  'client.disable_demo',
  'client.set_owner_password',
  'client.count_users',
  'client.apply_expiry',
  'client.apply_changes',
  'client.apply_settings',
  'client.switch',
  'client.rollback',
  'client.migrate',
  'client.deploy',
  'client.back_up',
  'client.restore',
  'client.refresh_copy',
  'client.delete',
];

export const actionOperationIdOf = (slug: string, number: number): string =>
  deriveId('client action', slug, number);

/** Id of the backup that an action makes or puts back. */
export const backupIdOf = (slug: string, number: number): string => deriveId('backup', slug, number);

/** One action from the client's stream to the end of its operation. @param number tells the actions of a client apart */
export const actionStory = (slug: string, number: number, action: ClientAction): PlacedEvent[] => {
  const { kind, ending = 'ok' } = action;
  const clientId = clientIdOf(slug);
  const operationId = actionOperationIdOf(slug, number);
  const stream = streams.client(clientId);
  const placed = (event: ClientEvent): PlacedEvent => ({ stream, event });
  const told = factOf({ clientId, operationId }, action, backupIdOf(slug, number));
  const fact = told === null ? [] : [placed(told)];
  const operation = (conclusion: PlacedEvent[]) => {
    const target = { type: 'client', id: clientId } as const;
    return operationStory({ operationId, kind, target, steps: ['settings', 'vhost'] }, ending, conclusion);
  };
  // What was wished is decided at once; its operation makes it true on the server.
  if (kind === 'client.apply_expiry' || kind === 'client.apply_settings') return [...fact, ...operation([])];
  const sealed = kind === 'client.set_owner_password' ? { sealed: `v1.client.${clientId}.new` } : {};
  const begun = placed({ type: 'ClientOperationBegun', data: { clientId, operationId, kind, ...sealed } });
  if (ending === 'open') return [begun, ...operation([])];
  const ended = placed({ type: 'ClientOperationEnded', data: { clientId, operationId, status: ending } });
  return [begun, ...operation(ending === 'ok' ? [...fact, ended] : [ended])];
};

/** What an operation that went well has made true of the client; null when it has changed nothing. */
const factOf = (
  of: { clientId: string; operationId: string },
  action: ClientAction,
  backupId: string,
): ClientEvent | null => {
  switch (action.kind) {
    case 'client.reboot':
      return { type: 'ClientRebooted', data: of };
    case 'client.enable_maintenance':
      return { type: 'ClientMaintenanceEnabled', data: { ...of, message: action.message ?? null } };
    case 'client.disable_maintenance':
      return { type: 'ClientMaintenanceDisabled', data: of };
    case 'client.enable_demo':
      return { type: 'ClientDemoEnabled', data: of };
    case 'client.disable_demo':
      return { type: 'ClientDemoDisabled', data: of };
    case 'client.set_owner_password':
      return {
        type: 'ClientOwnerPasswordChanged',
        data: { ...of, secrets: `v1.client.${of.clientId}.new` },
      };
    case 'client.count_users':
      return { type: 'ClientUsersCounted', data: { ...of, users: action.users ?? 0 } };
    case 'client.apply_expiry': {
      const { from = '2027-01-31', to = '2027-12-31', reason = 'Paid for a year' } = action;
      return { type: 'ClientExpireDateChanged', data: { ...of, from, to, reason } };
    }
    case 'client.apply_changes':
      return { type: 'ClientChanged', data: { ...of, personalChanged: [], ...action.changes } };
    case 'client.apply_settings':
      return { type: 'ClientCloudSettingsChanged', data: { ...of, tutorial: false } };
    case 'client.switch':
    case 'client.rollback': {
      const { image = 'alfa:2' } = action;
      return {
        type: 'ClientImageSwitched',
        data: { ...of, from: 'alfa:1', to: image, imageId: `sha256:${image}` },
      };
    }
    case 'client.migrate':
      return { type: 'ClientMigrated', data: of };
    case 'client.deploy':
      return { type: 'ClientContainerReplaced', data: { ...of, image: 'alfa:1', imageId: 'sha256:1' } };
    case 'client.back_up':
      return { type: 'ClientBackedUp', data: { ...of, ...backup(backupId), ...action.backup } };
    case 'client.restore':
      return { type: 'ClientRestored', data: { ...of, backupId, backupOf: of.clientId } };
    case 'client.move':
      return { type: 'ClientMoved', data: { ...of, ...between, imageId: 'sha256:1' } };
    case 'client.undo_move': {
      const asBefore = { image: 'alfa:1', imageId: 'sha256:1', previousImage: null, demo: false };
      return {
        type: 'ClientMoveUndone',
        data: { ...of, ...between, moveId: of.operationId, backupId, ...asBefore },
      };
    }
    case 'client.release_move': {
      const server = { serverId: serverIdOf('one'), serverName: 'one' };
      return { type: 'ClientMoveReleased', data: { ...of, moveId: of.operationId, ...server } };
    }
    case 'client.refresh_copy': {
      const from = { sourceClientId: clientIdOf('source'), image: 'alfa:1', imageId: 'sha256:1' };
      return { type: 'ClientRefreshed', data: { ...of, ...from, demo: false } };
    }
    case 'client.delete':
      return { type: 'ClientDeleted', data: of };
    // The end of its operation says all.
    default:
      return null;
  }
};

/** A move from one server to another one. */
const between = {
  from: serverIdOf('one'),
  fromName: 'one',
  to: serverIdOf('two'),
  toName: 'two',
  holdUntil: '2026-12-01T00:00:00.000Z',
};

const backup = (backupId: string) => ({
  backupId,
  kind: 'manual' as const,
  serverId: serverIdOf('one'),
  image: 'alfa:1',
  database: { bytes: 1000, sha256: 'd', tables: 12 },
  storage: { bytes: 2000, sha256: 's', files: 3 },
  keepUntil: '2026-12-01T00:00:00.000Z',
});

import {
  type ClientEvent,
  type Limits,
  type Locale,
  type Message,
  type OperationKind,
  type Reason,
} from '@alfa-cloud/contracts';
import type { RequestedClient } from './client-state.ts';

export type FactEvent = Extract<
  ClientEvent,
  {
    type:
      | 'ClientRebooted'
      | 'ClientMaintenanceEnabled'
      | 'ClientMaintenanceDisabled'
      | 'ClientDemoEnabled'
      | 'ClientDemoDisabled'
      | 'ClientOwnerPasswordChanged'
      | 'ClientUsersCounted'
      | 'ClientImageSwitched'
      | 'ClientContainerReplaced'
      | 'ClientMigrated'
      | 'ClientBackedUp'
      | 'ClientRestored'
      | 'ClientMoved'
      | 'ClientMoveUndone'
      | 'ClientMoveReleased'
      | 'ClientRefreshed'
      | 'ClientDeleted';
  }
>;
type WithoutIds<Event> = Event extends FactEvent
  ? { type: Event['type']; data: Omit<Event['data'], 'clientId' | 'operationId'> }
  : never;

/** What an operation has made true of a client. */
export type ClientFact = WithoutIds<FactEvent>;

export type ClientCommand =
  | { type: 'request_creation'; client: RequestedClient }
  | { type: 'complete_creation'; imageId: string }
  | (Reason & { type: 'fail_creation' })
  | { type: 'begin_operation'; operationId: string; kind: OperationKind; sealed?: string }
  /** A fact of an operation that goes on. */
  | { type: 'record_fact'; operationId: string; fact: ClientFact }
  | { type: 'end_operation'; operationId: string; status: 'ok'; fact: ClientFact | null }
  | { type: 'end_operation'; operationId: string; status: 'error' | 'cancelled' }
  | ChangeExpireDateCommand
  | ChangeCommand
  | { type: 'change_cloud_settings'; operationId: string; quickStart?: boolean; tutorial?: boolean }
  /** The client's database differed from what is recorded and was put right. */
  | { type: 'record_settings_mended'; columns: string[] }
  | { type: 'record_virtual_host_mended'; was: 'missing' | 'changed' }
  | {
      type: 'record_availability';
      available: boolean | null;
      reason: string | null;
      message?: Message;
      checkedAt: string;
    }
  | { type: 'move_backup'; backupId: string; operationId: string; to: string; toName: string }
  /** What the client held is in a copy now. The copy's operation is none of the client's own. */
  | { type: 'record_copied'; operationId: string; copy: CopyMade }
  | { type: 'remove_backup'; backupId: string };

export type CopyMade = Omit<
  Extract<ClientEvent, { type: 'ClientCopied' }>['data'],
  'clientId' | 'operationId'
>;

export interface ChangeCommand {
  type: 'change';
  /** The operation that makes it true on the server, if one is needed. */
  operationId: string;
  /** All personal data as they shall be, sealed, and the names of those that differ; absent: none does. */
  personal?: { sealed: string; changed: string[] };
  locale?: Locale;
  limits?: Limits;
  aliases?: string[];
  expiryWarnings?: boolean;
}

export interface ChangeExpireDateCommand {
  type: 'change_expire_date';
  operationId: string;
  to: string;
  reason: string;
  /** The day that it is in the zone of the installation. */
  today: string;
  /** A day that has passed is meant. */
  confirm: boolean;
}

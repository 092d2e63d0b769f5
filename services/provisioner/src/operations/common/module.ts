import type { DataOf, Descriptor, OperationKind, ServerMonitoring } from '@alfa-cloud/contracts';
import type { CommandHandlers, QuerySender } from '@alfa-cloud/messaging';
import type { Execute, Implementation } from '@alfa-cloud/operations';
import type { AdminCredentialsStore, Vault } from '@alfa-cloud/secrets';
import type { CloudServers, TryConnection } from '@alfa-cloud/servers';
import type { KeyedSemaphore } from '@alfa-cloud/service-kit';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { PreparationConfig } from '../../on-server/preparation.ts';
import type { RebootConfig } from '../../on-server/reboot-config.ts';
import type { Places } from '../../domain/places.ts';
import type { MoveConfig } from '../../on-server/move-config.ts';
import type { Transfer } from '../../resources/transfer/client-transfer.ts';
import type { ProxyFiles } from '../../resources/server/proxy-files.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import type { BringImageDeps } from '../../resources/image/bring-image.ts';
import type { BackupDeps } from '../../resources/backup/recorded-backup.ts';

/** What operations are made from; each takes of it what it needs. */
export interface OperationsDeps extends PageDeps, BackupDeps, BringImageDeps {
  vault: Vault;
  cloudServers: CloudServers;
  tryConnection: TryConnection;
  queries: QuerySender;
  config: ClientConfig;
  preparation: PreparationConfig;
  reboot: RebootConfig;
  moves: MoveConfig;
  /** How the data of clients get from one server to another. */
  transfer: Transfer;
  proxyFiles: ProxyFiles;
  places: Places;
  /** What monitoring has measured of a server lately; null: nothing. */
  monitored: (serverId: string) => ServerMonitoring | null;
  /** By server: between counting its clients and deciding on that, no other decision of this process may come. */
  admission: KeyedSemaphore;
  /** Credentials of the administrator. */
  credentials: () => Promise<AdminCredentialsStore>;
  /** Called when a creation has ended: there may be a client more to look after. */
  onCreated(): void;
}

type Declared = Descriptor & { kind: OperationKind };

/** All that the provisioner knows of one kind of operation. */
export interface OperationModule<Of extends Declared = Declared> {
  readonly operation: Of;
  /** Absent: it is decided on and done at once, without steps. */
  implement?(this: void, deps: OperationsDeps): Implementation<DataOf<Of>, Of>;
  /** Handlers of the commands that bring it about. Default: the one of its command, which carries it out. */
  handlers?(this: void, deps: OperationsDeps & { execute: Execute }): CommandHandlers;
}

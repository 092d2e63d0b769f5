import type { Buckets, CommandSender, Feed, QuerySender, ReceiptFinder } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import type { Clock, Logger, Metrics } from '@alfa-cloud/service-kit';

/** NATS as the gateway uses it. */
export interface GatewayMessaging {
  commands: CommandSender;
  queries: QuerySender;
  receipts: ReceiptFinder;
  feed: Feed;
  buckets: Buckets;
  isConnected(): boolean;
}

export interface Credentials {
  login: string;
  /** Of `hashPassword`. */
  hash: string;
  /** Changes with every change of them. */
  revision: number;
}

/** The administrator's credentials, the same for every gateway. */
export interface CredentialsStore {
  /** Null while they are not known. */
  current(): Credentials | null;
  /**
   * Resolves when {@link current} answers what was in force at the call, or something newer.
   * @throws when that can't be found out in time
   */
  upToDate(): Promise<void>;
  /**
   * Calls back after every change.
   * @returns a function that ends it
   */
  onChange(listener: () => void): () => void;
}

/** Everything outside the gateway that it works with. */
export interface GatewayDeps {
  messaging: GatewayMessaging;
  /** Seals and opens for transport and makes fingerprints; the gateway needs no other key. */
  vault: Pick<Vault, 'seal' | 'open' | 'fingerprint'>;
  logger: Logger;
  metrics: Metrics;
  /** Called once with a first password that was generated, the only time that it is shown. Default: nobody sees it. */
  onFirstPassword?: (login: string, password: string) => void;
  /** Default: those stored in a bucket of NATS. */
  credentials?: CredentialsStore;
  /** Default: the system's. */
  clock?: Clock;
}

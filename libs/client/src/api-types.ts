// Made of the routes and views by `npm run client:types`; not changed by hand.

export interface Resources {
  /** A machine with a Docker Engine on which clients live. Key material is never in it. */
  servers: {
    attributes: {
      /** Name that people know it by. */
      name: string;
      /** What it is for: clients, copies of clients, or builds of images. */
      role: 'production' | 'stage' | 'build';
      /** Domain below which its clients live, `<slug>.<domain>`, in its own script. */
      domain: string;
      /** The same domain as DNS has it. */
      domainAscii: string;
      /** How it is reached, without what opens it. */
      connection: { kind: 'local' } | { kind: 'ssh'; host: string; port: number; username: string; publicKey: string | null; keyId: string | null; hostKey: string | null; hostKeyFingerprint: string | null; jump: { host: string; port: number; username: string; publicKey: string | null; keyId: string | null; hostKey: string | null; hostKeyFingerprint: string | null } | null };
      /** Whether it takes new clients and stands in lists of servers. */
      active: boolean;
      /** How much it takes. */
      capacity: { clients: number };
      /** Ports of its proxy. */
      proxy: { httpPort: number; httpsPort?: number };
      /** Limits of requests to clients that have none of their own. */
      limits: { uploadMb: number; requestTimeoutS: number };
      /** The server in one word, the first that is true in this order: preparing, unreachable, draining, inactive, degraded, ready. */
      state: 'preparing' | 'ready' | 'degraded' | 'unreachable' | 'draining' | 'inactive';
      /** How its preparation stands. Only a ready server takes clients. */
      status: 'preparing' | 'ready' | 'failed';
      /** Why its preparation has failed; null when it has not. */
      failure: { code: string; reason: string } | null;
      /** What the preparation has learned about it; null before. */
      facts: { dockerVersion: string; operatingSystem: string; architecture: string; cpus: number; memoryBytes: number; engineId: string } | null;
      /** A host key that was shown in the place of the one that counts; null when that one was shown last. */
      refusedHostKey: { hostKey: string; fingerprint: string; of: 'server' | 'jump'; at: string } | null;
      /** A reboot under way; null without one. */
      reboot: { operationId: string; since: string; drained: boolean; expectedAt: string | null } | null;
      /** Its clients are to leave it and none comes; null while they are not. */
      draining: { operationId: string; since: string } | null;
      /** Whether it can do its work. `degraded`: it serves, with something that needs attention. `unknown`: not compared lately. */
      health: 'ok' | 'degraded' | 'down' | 'unknown';
      /** Why the health is not ok; none when it is. */
      healthReasons: ({ code: string; detail: string })[];
      /** When it was compared with what should stand there; null: not yet. */
      healthCheckedAt: string | null;
      /** Alerts that are raised, the oldest first. */
      alerts: ({ id: string; code: 'unreachable' | 'clients_down' | 'disk' | 'inodes' | 'memory' | 'clock' | 'all_unreachable'; title: string; about: string | null; detail: string; since: string; raisedAt: string })[];
      /** Clients that live there or are being created. */
      clientCount: number;
      /** Clients that have moved away and are kept there for a time. */
      heldCount: number;
      /** When it was registered. */
      createdAt: string;
      /** When something recorded of it changed last. */
      updatedAt: string;
    };
    relationships: {
      /** The newest operation that prepares it. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** A key pair for servers made by Alfa Cloud, without its private part. */
  'ssh-keys': {
    attributes: {
      /** The public part, as `authorized_keys` holds it. */
      publicKey: string;
      /** The same as `ssh-keygen -l` shows it. */
      fingerprint: string;
      /** When it was made. */
      createdAt: string;
    };
    relationships: Record<never, never>;
  };
  /** What a server is busy with now and, in an answer that is no event of a stream, what was measured in a range of time. It has the id of the server. */
  monitoring: {
    attributes: {
      /** The newest measurement, every value null when it could not be measured. */
      current: { load: number | null; load5: number | null; load15: number | null; cpus: number | null; cpu: { user: number; system: number; iowait: number; steal: number; idle: number } | null; memoryTotalBytes: number | null; memoryUsedBytes: number | null; swapTotalBytes: number | null; swapUsedBytes: number | null; diskTotalBytes: number | null; diskFreeBytes: number | null; disks: ({ path: string; totalBytes: number; usedBytes: number; freeBytes: number; usedPercent: number; inodes: number | null; inodesFree: number | null; growthBytesPerDay: number | null })[] | null; diskWaitMs: number | null; diskBusyPercent: number | null; networkReceivedBytesPerSecond: number | null; networkSentBytesPerSecond: number | null; uptimeSeconds: number | null; clockOffsetMs: number | null; clockUncertaintyMs: number | null; containers: { running: number; total: number; byState: Record<string, number> } | null; clients: ({ id: string; containers: { running: number; total: number }; cpuPercent: number | null; memoryBytes: number | null; receivedBytesPerSecond: number | null; sentBytesPerSecond: number | null; databaseBytes: number | null; storageBytes: number | null })[] | null; sizesCheckedAt: string | null; dockerVersion: string | null; reserved: { clients: number; memoryBytes: number; cpus: number } | null; capacity: { clients: number; memoryBytes: number | null; cpus: number | null } | null; rateSeconds: number | null; checkedAt: string | null };
      /** Begin of the first step. */
      from?: string;
      /** End of the last step. */
      to?: string;
      /** Length of a step, s: as asked for, or longer where samples are kept so, or the answer would be too large. */
      stepSeconds?: number;
      /** Begin of each step. */
      at?: (string)[];
      /** Lines of charts, a value for each step. */
      series?: ({ of: 'server' | 'disk' | 'client'; about: string | null; metric: string; min: (number | null)[]; avg: (number | null)[]; max: (number | null)[] })[];
    };
    relationships: {
      /** The server. */
      server: { to: 'servers'; many: false };
    };
  };
  /** An image of the client application on one server. Its id is Docker's. */
  images: {
    attributes: {
      /** Its names there; none when its last one means another image by now and clients still run from it. */
      references: (string)[];
      /** Version of the application by its label; null: it has none. */
      version: string | null;
      /** Size, bytes. */
      sizeBytes: number;
      /** When it was made. */
      createdAt: string;
    };
    relationships: {
      /** Clients that run from it. */
      clients: { to: 'clients'; many: true };
    };
  };
  /** An image of the client application, over all servers. Its id is Docker's. */
  'image-overviews': {
    attributes: {
      /** Its names on all servers; none when its last one means another image by now and clients still run from it. */
      references: (string)[];
      /** Version of the application by its label; null: it has none. */
      version: string | null;
      /** Size, bytes. */
      sizeBytes: number;
      /** When it was made. */
      createdAt: string;
      /** A newer image has one of its repositories, or it has no name any more. */
      outdated: boolean;
      /** Clients that run from it. */
      clientCount: number;
      /** Where it is. */
      presence: ({ serverId: string; references: (string)[]; checkedAt: string })[];
      /** The build that made it; null: it was not built here, or too long ago to be told. */
      build: { buildId: string; role: 'prod' | 'dev'; branch: string; commit: string } | null;
    };
    relationships: {
      /** Servers that have it. */
      servers: { to: 'servers'; many: true };
      /** The first hundred clients that run from it, by slug. */
      clients: { to: 'clients'; many: true };
    };
  };
  /** One customer laboratory: container, database, virtual host, storage and the date until which it may be used. */
  clients: {
    attributes: {
      /** Technical name: unique over all servers, part of every name made for the client. */
      slug: string;
      /** Name of the laboratory; null once the client is deleted. */
      name: string | null;
      /** Where mails go; null once the client is deleted. */
      email: string | null;
      /** Login of the owner's account in the client's system; null once the client is deleted. */
      ownerLogin: string | null;
      /** Notes of the administrator; null once the client is deleted. */
      notes: string | null;
      /** Language of its system and of mails to it. */
      locale: 'ru' | 'en';
      /** How far it is: being created, in service, or its creation has failed. */
      status: 'creating' | 'active' | 'failed';
      /** Why its creation has failed; null when it has not. */
      failure: { code: string; reason: string } | null;
      /** Last day of use, in the zone of the installation. */
      expireDate: string;
      /** Docker image that its container runs from, by name. */
      image: string;
      /** What the client may use. Limits of requests are those of its server where it has none of its own. */
      limits: { memoryMb: number; cpus: number; pids: number; uploadMb?: number; requestTimeoutS?: number };
      /** Whether demo data are in its database. */
      demo: boolean;
      /** Whether a mail was asked for at the end of its creation. */
      sendSuccess: boolean;
      /** Whether warnings of the end of use go to the client by themselves. */
      expiryWarnings: boolean;
      /** The maintenance page that is shown in place of the application; null while there is none. */
      maintenance: { message: string | null; since: string } | null;
      /** Further DNS names of its cloud. */
      aliases: (string)[];
      /** The same names as DNS has them. */
      aliasesAscii: (string)[];
      /** Whether its system shows the quick start. */
      quickStart: boolean;
      /** Whether its system shows the short tutorial. */
      tutorial: boolean;
      /** Docker's id of the image that the container was made from; null before the first start. */
      imageId: string | null;
      /** True when `image` means another image on its server than the one it runs from; null when nobody knows at the moment. */
      imageOutdated: boolean | null;
      /** What a rollback leads to; null when there was no switch. */
      previousImage: { reference: string; id: string } | null;
      /** What the server that it has left keeps of it, stopped; null when there is nothing. */
      held: { serverId: string; until: string; operationId: string; undoable: boolean } | null;
      /** When the newest backup that is there, of database and storage both, was made; null: there is none. */
      lastBackupAt: string | null;
      /** Users in the client's system when they were last counted; null: they never were. */
      usersCount: number | null;
      /** When they were counted; null: they never were. */
      usersCountedAt: string | null;
      /** Whether it answers through the proxy; null when not known or not measured lately. */
      available: boolean | null;
      /** Why it is not available, in the language asked for; null otherwise. */
      unavailableReason: string | null;
      /** When its availability was measured; null: it was not. */
      availableCheckedAt: string | null;
      /** When it was created. */
      createdAt: string;
      /** When something recorded of it changed last. */
      updatedAt: string;
    };
    relationships: {
      /** Where it lives; null while that is not decided. */
      server: { to: 'servers'; many: false };
      /** The client that it is a copy of; null: of none. */
      copyOf: { to: 'clients'; many: false };
      /** Copies of it that are there, the oldest first. */
      copies: { to: 'clients'; many: true };
      /** The operation that has created it. */
      operation: { to: 'operations'; many: false };
      /** The operation that has it for itself at the moment; null: none. */
      runningOperation: { to: 'operations'; many: false };
    };
  };
  /** How far the creation of a client is. It has the id of the client. */
  'create-logs': {
    attributes: {
      /** How the creation ended; null while it goes on. */
      completed: 'ok' | 'error' | null;
      /** How far it is: `accepted`, `running` and `cancelling` go on; `ok`, `error` and `cancelled` are ends. */
      status: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
      /** Why it failed; null while it has not. */
      error: { code: string; reason: string; step: string | null } | null;
      /** Its steps in their order; none before they are known. */
      steps: ({ name: string; title: string; status: 'pending' | 'running' | 'retrying' | 'ok' | 'error' | 'compensated' | 'leftover'; outcome: 'done' | 'already_done' | 'skipped' | null; attempts: number; startedAt: string | null; finishedAt: string | null; durationMs: number | null })[];
      /** Lines after the cursor asked for, the oldest first. */
      entries: ({ cursor: string; at: string; step: string | null; level: 'info' | 'warning' | 'error' | 'output'; message: string })[];
      /** How far the transfer of data of the running step is; null when none runs. */
      transfer: { step: string; at: string; bytes: number; totalBytes: number | null; bytesPerSecond: number; etaSeconds: number | null } | null;
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
      /** The operation that creates it. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** The row of the table `cloud_settings` in the client's database, which its application reads. It has the id of the client. */
  'cloud-settings': {
    attributes: {
      /** Whether the maintenance page is shown. */
      maintenance: boolean;
      /** What it tells; null: nothing of its own. */
      maintenanceMessage: string | null;
      /** Last second of use; null: not set. */
      expiresAt: string | null;
      /** Whether the quick start is shown. */
      quickStart: boolean;
      /** Whether the short tutorial is shown. */
      tutorial: boolean;
      /** When the row changed last. */
      updatedAt: string;
      /** Columns that differ from what is recorded; put right within a minute. */
      drift: (string)[];
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
    };
  };
  /** One extension or shortening of a client's time. It has the id of its event. */
  'expire-date-changes': {
    attributes: {
      /** Last day of use before. */
      from: string;
      /** Last day of use from then on. */
      to: string;
      /** Why, as it was written. */
      reason: string;
      /** Login of who changed it. */
      actor: string;
      /** When it was changed. */
      at: string;
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
    };
  };
  /** Users in a client's system. It has the id of the client. */
  'users-counts': {
    attributes: {
      /** Users. */
      users: number;
      /** When they were counted. */
      countedAt: string;
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
    };
  };
  /** What a client's container has written, without the client's secrets and personal data. It has the id of the client. */
  'container-logs': {
    attributes: {
      /** The lines, the oldest first. */
      lines: ({ at: string; text: string })[];
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
    };
  };
  /** A copy of a client's database and storage that was verified when it was made, kept on its server until a date. */
  backups: {
    attributes: {
      /** What it was made for. `migration` and `restore`: before these operations. `move`: before a move was taken back. `final`: before the deletion. */
      kind: 'manual' | 'scheduled' | 'migration' | 'restore' | 'final' | 'move';
      /** Image that the client ran from, by name. */
      image: string;
      /** When it was made. */
      createdAt: string;
      /** When it is removed. */
      keepUntil: string;
      /** When it was removed; null while it is there. */
      removedAt: string | null;
      /** The database. */
      database: { bytes: number; sha256: string; tables: number };
      /** The storage; null: only the database was backed up. */
      storage: { bytes: number; sha256: string; files: number } | null;
      /** What of the database does not work: only its text is in the dump. */
      warnings: ({ kind: string; name: string; reason: string })[];
    };
    relationships: {
      /** The client. */
      client: { to: 'clients'; many: false };
      /** Where it lies. */
      server: { to: 'servers'; many: false };
      /** The operation that has made it. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** A long action made of steps, with a log and one end. */
  operations: {
    attributes: {
      /** What it does, `<aggregate>.<verb>`. */
      kind: 'server.accept_host_key' | 'client.apply_changes' | 'client.apply_expiry' | 'client.apply_settings' | 'client.back_up' | 'image.build_dev' | 'image.build_prod' | 'credentials.change' | 'webhook.change' | 'repository.check' | 'server.clean_up' | 'client.copy' | 'client.count_users' | 'client.create' | 'webhook.create' | 'client.delete' | 'client.deploy' | 'clients.deploy' | 'client.disable_demo' | 'client.disable_maintenance' | 'server.drain' | 'client.enable_demo' | 'client.enable_maintenance' | 'server.end_draining' | 'ssh_key.make' | 'clients.migrate' | 'client.migrate' | 'client.move' | 'clients.move' | 'server.prepare' | 'client.reboot' | 'server.reboot' | 'client.refresh_copy' | 'command.rejected' | 'client.release_move' | 'server.remove' | 'webhook.remove' | 'delivery.replay' | 'client.restore' | 'client.retry_mail' | 'client.rollback' | 'client.send_expire' | 'client.send_success' | 'client.set_owner_password' | 'repository.set' | 'clients.switch' | 'client.switch' | 'webhook.test' | 'client.undo_move';
      /** The kind in words, in the language asked for. */
      title: string;
      /** How far it is: `accepted`, `running` and `cancelling` go on; `ok`, `error` and `cancelled` are ends. */
      status: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
      /** Its steps in their order; none before they are known. */
      steps: ({ name: string; title: string; status: 'pending' | 'running' | 'retrying' | 'ok' | 'error' | 'compensated' | 'leftover'; outcome: 'done' | 'already_done' | 'skipped' | null; attempts: number; startedAt: string | null; finishedAt: string | null; durationMs: number | null })[];
      /** Why it failed; null while it has not. */
      error: { code: string; reason: string; step: string | null } | null;
      /** Steps that could not be taken back: something of them may be left on the server. */
      leftovers: (string)[];
      /** What it has brought about, by kind; null before its end. */
      result: Record<string, unknown> | null;
      /** How far an operation over many clients is; null for any other. */
      progress: { total: number; done: number; failed: number; running: number; skippedTotal: number; skipped: ({ clientId: string; code: string; reason: string })[]; etaSeconds: number | null } | null;
      /** What it waits for before it tries again; null while it works, and at its end. */
      waiting: { code: string; reason: string; step: string; at: string; retryAt: string | null } | null;
      /** How far the transfer of data of the running step is; null when none runs. */
      transfer: { step: string; at: string; bytes: number; totalBytes: number | null; bytesPerSecond: number; etaSeconds: number | null } | null;
      /** What was asked for besides the target; of a long list only the first 100. */
      parameters: Record<string, unknown>;
      /** Login of who asked for it, or the service that began it by itself. */
      actor: string;
      /** Id of the request that caused it (`X-Request-Id`). */
      correlationId: string;
      /** When it was accepted. */
      acceptedAt: string;
      /** When it ended; null before. */
      finishedAt: string | null;
    };
    relationships: {
      /** What it is about; null for the installation itself, or many clients. */
      target: { to: 'clients' | 'servers'; many: false };
      /** The operation over many clients that runs it; null: none. */
      parent: { to: 'operations'; many: false };
      /** The operation that it repeats; null: none. */
      retryOf: { to: 'operations'; many: false };
    };
  };
  /** What an operation has written, from a cursor on. It has the id of its operation. */
  'operation-logs': {
    attributes: {
      /** How far it is: `accepted`, `running` and `cancelling` go on; `ok`, `error` and `cancelled` are ends. */
      status: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
      /** Lines after the cursor asked for, the oldest first. */
      entries: ({ cursor: string; at: string; step: string | null; level: 'info' | 'warning' | 'error' | 'output'; message: string })[];
      /** How far the transfer of data of the running step is; null when none runs. */
      transfer: { step: string; at: string; bytes: number; totalBytes: number | null; bytesPerSecond: number; etaSeconds: number | null } | null;
    };
    relationships: {
      /** The operation. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** What an operation over many clients would do. It is kept nowhere: its id only tells it from others. */
  'bulk-plans': {
    attributes: {
      /** Kind of the operation. */
      kind: 'clients.deploy' | 'server.drain' | 'clients.migrate' | 'clients.move' | 'clients.switch';
      /** The first 1000 clients, in the order in which they would be begun. */
      clients: ({ clientId: string; slug: string; serverId: string; targetServer?: string; reason?: string })[];
      /** Clients in all. */
      total: number;
      /** The first 1000 clients that would be left out. */
      skipped: ({ clientId: string; slug: string; code: string; reason: string })[];
      /** Clients that would be left out, in all. */
      skippedTotal: number;
      /** Why the operation would be refused as a whole. */
      obstacles: ({ code: string; reason: string; operationId?: string })[];
      /** Servers of these clients that do not answer now: their clients come last. */
      awayServers: ({ serverId: string; code: string; reason: string })[];
      /** Clients that would go first, one at a time. */
      canary: number;
      /** Clients at the same time afterwards. */
      waveSize: number;
      /** Failures after which no further client would be begun. */
      stopAfter: number;
    };
    relationships: Record<never, never>;
  };
  /** What a copy to a stage server would do. It is kept nowhere: its id only tells it from others. */
  'copy-plans': {
    attributes: {
      /** The stage server. */
      serverId: string;
      /** Technical name of the copy. */
      slug: string;
      /** Image that it would run from. */
      image: string;
      /** The copy that is there and would be made anew; null: there is none. */
      replaces: { clientId: string; at: string } | null;
      /** What would be read, as it is now; null when it could not be measured. */
      source: { databaseBytes: number; storageBytes: number; files: number } | null;
      /** What speaks against it at the moment, each as its error would be told. */
      obstacles: ({ status: string; code: string; title: string; detail: string; source?: { pointer?: string; parameter?: string; header?: string }; meta?: Record<string, unknown> })[];
    };
    relationships: Record<never, never>;
  };
  /** What moving clients to another server would come to. It is kept nowhere: its id only tells it from others. */
  'move-plans': {
    attributes: {
      /** Id of the server that they would move to. */
      targetServer: string;
      /** The first 100 clients that were named or live on the server. */
      clients: ({ clientId: string; slug: string | null; from: string | null; databaseBytes: number | null; storageBytes: number | null; files: number | null; rate: { bytesPerSecond: number; measured: { operationId: string; at: string | null } | null } | null; expectedSeconds: number | null; expectedClosedSeconds: number | null; obstacles: ({ code: string; reason: string; operationId?: string })[] })[];
      /** Clients in all. */
      total: number;
    };
    relationships: Record<never, never>;
  };
  /** What a clean-up of a server would remove at the moment. It is kept nowhere: its id only tells it from others. */
  'cleanup-plans': {
    attributes: {
      /** Newest images that stay of each branch. */
      keep: number;
      /** What would be free afterwards, bytes. */
      freesBytes: number;
      /** Images that go. */
      remove: ({ id: string; references: (string)[]; sizeBytes: number; createdAt: string; code: string; reason: string; freesBytes: number })[];
      /** What killed smoke tests have left, and goes. */
      leftovers: ({ kind: 'container' | 'network'; name: string })[];
      /** The first 500 images that stay, the largest first. */
      kept: ({ id: string; references: (string)[]; sizeBytes: number; createdAt: string; reasons: ({ code: string; reason: string })[] })[];
      /** Images that stay, in all. */
      keptTotal: number;
    };
    relationships: {
      /** The server. */
      server: { to: 'servers'; many: false };
    };
  };
  /** Who did what, when, why, and with which result; without personal data and secrets. It has the id of its event, or of the first event of its operation. */
  'history-entries': {
    attributes: {
      /** When it happened. */
      at: string;
      /** Login of who did it, or the service that did it by itself. */
      actor: string;
      /** Kind of the operation where the entry is a whole one, else type of the event. */
      kind: string;
      /** What happened, as a sentence in the language asked for. */
      summary: string;
      /** Why; null: nobody said. */
      reason: string | null;
      /** How the operation ended, or how far it is, where the entry is a whole one. */
      status?: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
      /** When the operation ended, where the entry is a whole one; null before. */
      finishedAt?: string | null;
      /** How long the operation took, ms, where the entry is a whole one; null before its end. */
      durationMs?: number | null;
      /** What the operation has brought about, where the entry is a whole one; null: nothing of the kind. */
      result?: Record<string, unknown> | null;
      /** Id of the request that caused it (`X-Request-Id`). */
      correlationId: string;
      /** Id of the command that caused it. */
      commandId: string;
    };
    relationships: {
      /** What it was done with; null for the installation itself, or many clients. */
      target: { to: 'clients' | 'servers'; many: false };
      /** The operation that it belongs to; null: none. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** Something that somebody has to look after, or had to. */
  alerts: {
    attributes: {
      /** What it is about. */
      code: 'unreachable' | 'clients_down' | 'disk' | 'inodes' | 'memory' | 'clock' | 'all_unreachable';
      /** The code in words, in the language asked for. */
      title: string;
      /** Path of the disk; null where the code says all. */
      about: string | null;
      /** What was measured when it was raised, in the language asked for. */
      detail: string;
      /** When it began. */
      since: string;
      /** When it had lasted long enough. */
      raisedAt: string;
      /** When it was well again, or its server was removed; null while it is raised. */
      clearedAt: string | null;
    };
    relationships: {
      /** The server; null: it is about Alfa Cloud itself. */
      server: { to: 'servers'; many: false };
    };
  };
  /** A mail to a client and what became of it; neither an address nor its text stands in it. */
  mails: {
    attributes: {
      /** What it is about. `success`: the cloud is ready. `expire`: the time of use is about to end. */
      template: 'success' | 'expire';
      /** Why it is sent. `creation`: its client was created with `sendSuccess`. */
      origin: 'request' | 'creation' | 'schedule';
      /** How far it is. `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up. `bounced`: it came back. */
      status: 'waiting' | 'sending' | 'sent' | 'failed' | 'bounced';
      /** How often it was tried. */
      attempts: number;
      /** Its Message-ID; null until it was sent. */
      messageId: string | null;
      /** Where it went. `file`: no mail server is configured, so it was written below the data directory; null until it was sent. */
      transport: 'smtp' | 'file' | null;
      /** What the mail server said, without addresses, or the name of the file; null: nothing yet. */
      answer: string | null;
      /** Why the newest attempt failed, why it was given up, or why it came back; null: none of it. */
      failure: { code: string; reason: string } | null;
      /** When it is tried again, or its worker counts as dead; null when it has come to an end. */
      dueAt: string | null;
      /** Of a warning by schedule; null for any other mail. */
      warning: { expireDate: string; thresholdDays: number } | null;
      /** When it was asked for. */
      requestedAt: string;
      /** When it was sent; null before. */
      sentAt: string | null;
    };
    relationships: {
      /** The client that it goes to. */
      client: { to: 'clients'; many: false };
      /** The newest operation that has asked for it; null: none. */
      operation: { to: 'operations'; many: false };
    };
  };
  /** A mail as the client would get it now; a password is never shown. */
  'mail-previews': {
    attributes: {
      /** Subject. */
      subject: string;
      /** Text as HTML. */
      html: string;
      /** Text without form. */
      text: string;
      /** Its language. */
      locale: 'ru' | 'en';
    };
    relationships: Record<never, never>;
  };
  /** An address that is told of what happens, signed as Standard Webhooks has it. */
  webhooks: {
    attributes: {
      /** Where notices go. */
      url: string;
      /** What it is told of. */
      events: ('alert.raised' | 'alert.cleared' | 'server.degraded' | 'server.recovered' | 'bulk.failed' | 'backup.failed' | 'mail.given_up' | 'mail.bounced' | 'digest' | 'test')[];
      /** Whether it is told anything. */
      active: boolean;
      /** When it was made. */
      createdAt: string;
      /** When it was changed last. */
      updatedAt: string;
    };
    relationships: Record<never, never>;
  };
  /** What one receiver is told of one event, and what became of it. */
  deliveries: {
    attributes: {
      /** What the receiver is told of. */
      event: 'alert.raised' | 'alert.cleared' | 'server.degraded' | 'server.recovered' | 'bulk.failed' | 'backup.failed' | 'mail.given_up' | 'mail.bounced' | 'digest' | 'test';
      /** What kind of receiver it goes to. */
      to: 'webhook' | 'mail';
      /** When it happened. */
      at: string;
      /** What the receiver gets. */
      data: Record<string, unknown>;
      /** How far it is. `waiting`: for its next attempt. `sending`: a worker has it in hand. `failed`: given up. */
      status: 'waiting' | 'sending' | 'delivered' | 'failed';
      /** How often it was tried. */
      attempts: number;
      /** What the receiver answered when it took it; null before. */
      answer: string | null;
      /** Why the newest attempt failed; null: it has not. */
      failure: { code: string; reason: string } | null;
      /** When it is tried again, or its worker counts as dead; null when it has come to an end. */
      dueAt: string | null;
      /** When it was to be told. */
      requestedAt: string;
      /** When it was taken; null before. */
      deliveredAt: string | null;
    };
    relationships: {
      /** The webhook; null: it goes to an address. */
      webhook: { to: 'webhooks'; many: false };
    };
  };
  /** The git repository that images are built from. There is one. */
  repositories: {
    attributes: {
      /** Its address, without a password. */
      url: string;
      /** Names of the branches that images are built from. */
      branches: { dev: string; prod: string };
      /** Path of the Dockerfile in it. */
      dockerfile: string;
      /** Whose clients are switched to the image of a build that has ended well. */
      afterBuild: { dev: { switch: 'none' | 'stage' | 'production' | 'all'; canary: number; waveSize: number; stopAfter: number }; prod: { switch: 'none' | 'stage' | 'production' | 'all'; canary: number; waveSize: number; stopAfter: number } };
      /** By what it lets us in. */
      access: 'key' | 'token' | 'none';
      /** What it has to let in; null without a key. */
      publicKey: string | null;
      /** Host key that counts, of an address of ssh; null for any other. */
      hostKey: string | null;
      /** The same as `ssh-keygen -l` shows it; null for any other. */
      hostKeyFingerprint: string | null;
      /** User that the token is sent with; null without a token. */
      username: string | null;
      /** Its host may tell of pushes: the secret of the hook is known. */
      hook: boolean;
      /** When it was set, or its host key accepted, last. */
      changedAt: string;
    };
    relationships: Record<never, never>;
  };
  /** A build of an image. It has the id of its operation, whose log is its own. */
  builds: {
    attributes: {
      /** Which of the two branches; what they are called is set with the repository. */
      role: 'prod' | 'dev';
      /** How far it is. */
      status: 'running' | 'ok' | 'error' | 'cancelled';
      /** The commit that is built; null until the branch is fetched. */
      commit: { sha: string; branch: string; committedAt: string; subject: string } | null;
      /** Docker's id of the image; null until it has passed its smoke test. */
      imageId: string | null;
      /** The image's names, its own first. */
      tags: (string)[];
      /** Each server that was to get the image, once all have ended. */
      places: ({ serverId: string; name: string; outcome: 'ok' | 'failed'; imageId: string | null; bytesSent: number; failure: { code: string; reason: string } | null })[];
      /** Why it failed; null when it has not. */
      failure: { code: string; reason: string; step: string | null } | null;
      /** True: the commit is built anew though it was built before. */
      force: boolean;
      /** When it began. */
      startedAt: string;
      /** When it ended; null before. */
      endedAt: string | null;
      /** How long it took, ms; null before its end. */
      durationMs: number | null;
    };
    relationships: {
      /** Its operation. */
      operation: { to: 'operations'; many: false };
      /** The server that builds. */
      buildServer: { to: 'servers'; many: false };
      /** The build whose image was taken, as the commit had been built before; null: none. */
      reusedFrom: { to: 'builds'; many: false };
    };
  };
  /** What has come into the image since another build. It has the id of the build. */
  'build-changes': {
    attributes: {
      /** Commit of the build; null until its branch is fetched. */
      commit: string | null;
      /** Commit of the build that it is compared with; null: there is none. */
      sinceCommit: string | null;
      /** The first 200 commits that have come, the newest first. */
      commits: ({ sha: string; author: string; committedAt: string; subject: string })[];
      /** Commits that have come, in all; null: nobody can tell. */
      commitsTotal: number | null;
      /** Commits of the image of before that are in this one no more; null: nobody can tell. */
      leftOut: number | null;
      /** Files that differ; null: nobody can tell. */
      filesChanged: number | null;
      /** Why nobody can tell; null otherwise. */
      reason: { code: string; reason: string } | null;
    };
    relationships: {
      /** The build. */
      build: { to: 'builds'; many: false };
      /** The build that it is compared with; null: there is none. */
      since: { to: 'builds'; many: false };
    };
  };
}
export interface Meta {
  /** True: the read models are behind, and the answer may not show the newest changes. */
  stale: boolean;
  /** Resources in all, on every page. */
  total: number;
  /** What to ask for as `page[after]` next; null: from the beginning. */
  cursor: string | null;
  /** Whether more stood ready than the answer holds. */
  more: boolean;
  /** Why nothing can be told of what has changed since, so that all has to be read anew; null: `changes` say everything. */
  reset: 'unknown_cursor' | 'too_many_changes' | null;
  /** What has changed, each resource once, in the order of the newest changes. */
  changes: ({ type: 'servers' | 'clients' | 'operations' | 'backups' | 'builds' | 'mails' | 'alerts'; id: string; clientId: string | null; serverId: string | null; removed: boolean })[];
  /** The moment that the answer shows. */
  asOf: string;
  /** The operation that this has begun. */
  operationId: string;
  /** How that operation ended, where the answer has waited for it. */
  operationStatus: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
  /** What is done on the server, in the language asked for. */
  applies: string;
  /** How the request stands, in English. */
  state: string;
  /** The server that was chosen for the client, where none was asked for. */
  placement: { serverId: string; reason: string | null };
  /** Why the value is an earlier one. */
  reason: { code: string; detail: string; meta?: Record<string, unknown> };
  /** Secret of the webhook, made by the system and told this once. */
  secret: string;
  /** What the server is busy with, measured now. */
  monitoring: { load: number | null; load5: number | null; load15: number | null; cpus: number | null; cpu: { user: number; system: number; iowait: number; steal: number; idle: number } | null; memoryTotalBytes: number | null; memoryUsedBytes: number | null; swapTotalBytes: number | null; swapUsedBytes: number | null; diskTotalBytes: number | null; diskFreeBytes: number | null; disks: ({ path: string; totalBytes: number; usedBytes: number; freeBytes: number; usedPercent: number; inodes: number | null; inodesFree: number | null; growthBytesPerDay: number | null })[] | null; diskWaitMs: number | null; diskBusyPercent: number | null; networkReceivedBytesPerSecond: number | null; networkSentBytesPerSecond: number | null; uptimeSeconds: number | null; clockOffsetMs: number | null; clockUncertaintyMs: number | null; containers: { running: number; total: number; byState: Record<string, number> } | null; clients: ({ id: string; containers: { running: number; total: number }; cpuPercent: number | null; memoryBytes: number | null; receivedBytesPerSecond: number | null; sentBytesPerSecond: number | null; databaseBytes: number | null; storageBytes: number | null })[] | null; sizesCheckedAt: string | null; dockerVersion: string | null; reserved: { clients: number; memoryBytes: number; cpus: number } | null; capacity: { clients: number; memoryBytes: number | null; cpus: number | null } | null; rateSeconds: number | null; checkedAt: string | null };
  /** The connection over ssh as it is now; null: there is none, or nobody tells. */
  link: { status: 'up' | 'down'; failure: { code: string; reason: string } | null; retryInMs: number } | null;
  /** What was found when the connection was checked. */
  connection: { dockerVersion: string; operatingSystem: string; architecture: string; cpus: number; memoryBytes: number; hostKeyFingerprint: string | null; jump: { hostKeyFingerprint: string } | null; dockerWay: string | null; mayUseDocker: boolean; maySudo: boolean; diskTotalBytes: number | null; diskFreeBytes: number | null; clockOffsetMs: number };
}
export interface Routes {
  DELETE: {
    /** Removes a client and all that is its own from its server, after a last backup; confirm is the client's slug */
    '/clients/{id}': {
      query: {
        confirm?: string | undefined;
        withoutBackup?: boolean | undefined;
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Forgets a server on which no client lives; what stands on it stays there */
    '/servers/{id}': {
      answers: {
        202: { data: 'operations'; always: never; sometimes: 'stale' };
        204: { data: null; always: never; sometimes: 'stale' };
      };
    };
    /** Ends the draining: clients may come to the server again */
    '/servers/{id}/drain': {
      answers: {
        200: { data: 'servers'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Removes a webhook */
    '/webhooks/{id}': {
      answers: {
        202: { data: 'operations'; always: never; sometimes: 'stale' };
        204: { data: null; always: never; sometimes: 'stale' };
      };
    };
  };
  GET: {
    /** Alerts that are raised, newest first; with filter[state]=past or all also those that were */
    '/alerts': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[state]'?: 'open' | 'past' | 'all' | undefined;
        'filter[server]'?: string | undefined;
        'filter[code]'?: 'unreachable' | 'clients_down' | 'disk' | 'inodes' | 'memory' | 'clock' | 'all_unreachable' | undefined;
      };
      answers: {
        200: { data: 'alerts[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Builds of images, newest first: commit, image, and what became of it on each server */
    '/builds': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[role]'?: 'dev' | 'prod' | undefined;
        'filter[status]'?: 'running' | 'ok' | 'error' | 'cancelled' | undefined;
        'filter[commit]'?: string | undefined;
      };
      answers: {
        200: { data: 'builds[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** One build; its log is that of its operation, which has the same id */
    '/builds/{id}': {
      answers: {
        200: { data: 'builds'; always: never; sometimes: 'stale' };
      };
    };
    /** What has come into the image since another build; by default since the one before on its branch */
    '/builds/{id}/changes': {
      query: {
        since?: string | undefined;
      };
      answers: {
        200: { data: 'build-changes'; always: never; sometimes: 'stale' };
      };
    };
    /** Clients in pages, with their availability */
    '/clients': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        sort?: 'name' | '-name' | 'slug' | '-slug' | 'createdAt' | '-createdAt' | 'expireDate' | '-expireDate' | 'status' | '-status' | ('name' | '-name' | 'slug' | '-slug' | 'createdAt' | '-createdAt' | 'expireDate' | '-expireDate' | 'status' | '-status')[] | undefined;
        'filter[status]'?: 'creating' | 'active' | 'failed' | undefined;
        'filter[serverId]'?: string | undefined;
        'filter[available]'?: 'true' | 'false' | 'null' | undefined;
        'filter[image]'?: string | undefined;
        'filter[imageOutdated]'?: 'true' | 'false' | undefined;
        'filter[copyOf]'?: 'any' | 'none' | string | undefined;
        'filter[expiresBefore]'?: string | undefined;
        'filter[search]'?: string | undefined;
      };
      include: 'server';
      fields: 'clients' | 'servers';
      answers: {
        200: { data: 'clients[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** One client; with asOf as it was then */
    '/clients/{id}': {
      query: {
        asOf?: string | undefined;
      };
      include: 'server';
      fields: 'clients' | 'servers';
      answers: {
        200: { data: 'clients'; always: never; sometimes: 'asOf' | 'stale' };
      };
    };
    /** How far the creation of a client is; with page[after] only what is new */
    '/clients/{id}/create_log': {
      query: {
        'page[after]'?: string | undefined;
      };
      answers: {
        200: { data: 'create-logs'; always: 'cursor' | 'more'; sometimes: 'stale' };
      };
    };
    /** Changes of the last day of use in pages, newest first */
    '/clients/{id}/expire_dates_history': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
      };
      answers: {
        200: { data: 'expire-date-changes[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** What was done with a client, newest first */
    '/clients/{id}/history': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[actor]'?: string | undefined;
        'filter[kind]'?: 'ServerRegistered' | 'ServerBecameReady' | 'ServerPreparationFailed' | 'ServerPreparationBegun' | 'ServerChanged' | 'ServerHostKeyPinned' | 'ServerHostKeyRefused' | 'ServerHostKeyAccepted' | 'ServerHealthChanged' | 'ServerMended' | 'ServerAlertRaised' | 'ServerAlertCleared' | 'ServerRebootBegun' | 'ServerDrained' | 'ServerRebooted' | 'ServerRebootFailed' | 'ServerDrainingBegun' | 'ServerDrainingEnded' | 'ServerCleanedUp' | 'ServerRemoved' | 'ClientCreationRequested' | 'ClientCreated' | 'ClientCreationFailed' | 'ClientOperationBegun' | 'ClientOperationEnded' | 'ClientExpireDateChanged' | 'ClientMaintenanceEnabled' | 'ClientMaintenanceDisabled' | 'ClientDemoEnabled' | 'ClientDemoDisabled' | 'ClientOwnerPasswordChanged' | 'ClientUsersCounted' | 'ClientRebooted' | 'ClientChanged' | 'ClientCloudSettingsChanged' | 'ClientCloudSettingsMended' | 'ClientVirtualHostMended' | 'ClientImageSwitched' | 'ClientContainerReplaced' | 'ClientMigrated' | 'ClientBackedUp' | 'ClientBackupRemoved' | 'ClientBackupMoved' | 'ClientRestored' | 'ClientMoved' | 'ClientMoveUndone' | 'ClientMoveReleased' | 'ClientCopied' | 'ClientRefreshed' | 'ClientDeleted' | 'ClientAvailabilityChanged' | 'NameReserved' | 'NameReleased' | 'OperationAccepted' | 'OperationChildrenPlanned' | 'OperationRejected' | 'OperationClaimed' | 'OperationStepStarted' | 'OperationStepCompleted' | 'OperationStepFailed' | 'OperationOutputWritten' | 'OperationCancelRequested' | 'OperationCompensationStarted' | 'OperationStepCompensated' | 'OperationStepCompensationFailed' | 'OperationSucceeded' | 'OperationFailed' | 'OperationCancelled' | 'BulkOperationBegun' | 'BulkOperationEnded' | 'PlacesOpened' | 'PlacesCounted' | 'PlaceReserved' | 'PlaceFreed' | 'PlacesClosed' | 'AdminCredentialsChanged' | 'ControlPlaneAlertRaised' | 'ControlPlaneAlertCleared' | 'SshKeyMade' | 'RepositorySet' | 'RepositoryHostKeyAccepted' | 'MailRequested' | 'MailAttempted' | 'MailSent' | 'MailFailed' | 'MailGivenUp' | 'MailBounced' | 'MailRetryRequested' | 'PasswordLinkIssued' | 'PasswordLinkOpened' | 'WebhookSet' | 'WebhookRemoved' | 'NoticeRequested' | 'NoticeAttempted' | 'NoticeDelivered' | 'NoticeFailed' | 'NoticeGivenUp' | 'NoticeReplayRequested' | 'BuildQueued' | 'BuildBegun' | 'BuildCommitChosen' | 'BuildImagePublished' | 'BuildDistributed' | 'BuildSucceeded' | 'BuildFailed' | 'BuildCancelled' | 'server.accept_host_key' | 'client.apply_changes' | 'client.apply_expiry' | 'client.apply_settings' | 'client.back_up' | 'image.build_dev' | 'image.build_prod' | 'credentials.change' | 'webhook.change' | 'repository.check' | 'server.clean_up' | 'client.copy' | 'client.count_users' | 'client.create' | 'webhook.create' | 'client.delete' | 'client.deploy' | 'clients.deploy' | 'client.disable_demo' | 'client.disable_maintenance' | 'server.drain' | 'client.enable_demo' | 'client.enable_maintenance' | 'server.end_draining' | 'ssh_key.make' | 'clients.migrate' | 'client.migrate' | 'client.move' | 'clients.move' | 'server.prepare' | 'client.reboot' | 'server.reboot' | 'client.refresh_copy' | 'command.rejected' | 'client.release_move' | 'server.remove' | 'webhook.remove' | 'delivery.replay' | 'client.restore' | 'client.retry_mail' | 'client.rollback' | 'client.send_expire' | 'client.send_success' | 'client.set_owner_password' | 'repository.set' | 'clients.switch' | 'client.switch' | 'webhook.test' | 'client.undo_move' | undefined;
        'filter[operation]'?: string | undefined;
        'filter[events]'?: 'operations' | 'all' | undefined;
        'filter[from]'?: string | undefined;
        'filter[to]'?: string | undefined;
      };
      answers: {
        200: { data: 'history-entries[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Last lines of the client's container; as text/event-stream it goes on and resumes by Last-Event-ID */
    '/clients/{id}/logs': {
      query: {
        tail?: number | undefined;
        'page[after]'?: string | undefined;
      };
      answers: {
        200: { data: 'container-logs'; always: 'cursor'; sometimes: 'stale' };
      };
    };
    /** Mails to a client, newest first */
    '/clients/{id}/mails': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[status]'?: 'waiting' | 'sending' | 'sent' | 'failed' | 'bounced' | undefined;
        'filter[template]'?: 'success' | 'expire' | undefined;
        'filter[origin]'?: 'request' | 'creation' | 'schedule' | undefined;
      };
      answers: {
        200: { data: 'mails[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Cloud settings as they stand in the client's database now */
    '/clients/{id}/settings': {
      answers: {
        200: { data: 'cloud-settings'; always: never; sometimes: 'stale' };
      };
    };
    /** What went to webhooks and to the addresses of the administrator, newest first */
    '/deliveries': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[status]'?: 'waiting' | 'sending' | 'delivered' | 'failed' | undefined;
        'filter[webhook]'?: string | undefined;
      };
      answers: {
        200: { data: 'deliveries[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** What has changed since a cursor; as text/event-stream it goes on with each change and resumes by Last-Event-ID */
    '/events/stream': {
      query: {
        types?: 'servers' | 'clients' | 'operations' | 'backups' | 'builds' | 'mails' | 'alerts' | ('servers' | 'clients' | 'operations' | 'backups' | 'builds' | 'mails' | 'alerts')[] | undefined;
        clientId?: string | undefined;
        serverId?: string | undefined;
        'page[after]'?: string | undefined;
      };
      answers: {
        200: { data: null; always: 'cursor' | 'reset' | 'more' | 'changes'; sometimes: 'stale' };
      };
    };
    /** What was done with every client and server, newest first */
    '/history': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[actor]'?: string | undefined;
        'filter[kind]'?: 'ServerRegistered' | 'ServerBecameReady' | 'ServerPreparationFailed' | 'ServerPreparationBegun' | 'ServerChanged' | 'ServerHostKeyPinned' | 'ServerHostKeyRefused' | 'ServerHostKeyAccepted' | 'ServerHealthChanged' | 'ServerMended' | 'ServerAlertRaised' | 'ServerAlertCleared' | 'ServerRebootBegun' | 'ServerDrained' | 'ServerRebooted' | 'ServerRebootFailed' | 'ServerDrainingBegun' | 'ServerDrainingEnded' | 'ServerCleanedUp' | 'ServerRemoved' | 'ClientCreationRequested' | 'ClientCreated' | 'ClientCreationFailed' | 'ClientOperationBegun' | 'ClientOperationEnded' | 'ClientExpireDateChanged' | 'ClientMaintenanceEnabled' | 'ClientMaintenanceDisabled' | 'ClientDemoEnabled' | 'ClientDemoDisabled' | 'ClientOwnerPasswordChanged' | 'ClientUsersCounted' | 'ClientRebooted' | 'ClientChanged' | 'ClientCloudSettingsChanged' | 'ClientCloudSettingsMended' | 'ClientVirtualHostMended' | 'ClientImageSwitched' | 'ClientContainerReplaced' | 'ClientMigrated' | 'ClientBackedUp' | 'ClientBackupRemoved' | 'ClientBackupMoved' | 'ClientRestored' | 'ClientMoved' | 'ClientMoveUndone' | 'ClientMoveReleased' | 'ClientCopied' | 'ClientRefreshed' | 'ClientDeleted' | 'ClientAvailabilityChanged' | 'NameReserved' | 'NameReleased' | 'OperationAccepted' | 'OperationChildrenPlanned' | 'OperationRejected' | 'OperationClaimed' | 'OperationStepStarted' | 'OperationStepCompleted' | 'OperationStepFailed' | 'OperationOutputWritten' | 'OperationCancelRequested' | 'OperationCompensationStarted' | 'OperationStepCompensated' | 'OperationStepCompensationFailed' | 'OperationSucceeded' | 'OperationFailed' | 'OperationCancelled' | 'BulkOperationBegun' | 'BulkOperationEnded' | 'PlacesOpened' | 'PlacesCounted' | 'PlaceReserved' | 'PlaceFreed' | 'PlacesClosed' | 'AdminCredentialsChanged' | 'ControlPlaneAlertRaised' | 'ControlPlaneAlertCleared' | 'SshKeyMade' | 'RepositorySet' | 'RepositoryHostKeyAccepted' | 'MailRequested' | 'MailAttempted' | 'MailSent' | 'MailFailed' | 'MailGivenUp' | 'MailBounced' | 'MailRetryRequested' | 'PasswordLinkIssued' | 'PasswordLinkOpened' | 'WebhookSet' | 'WebhookRemoved' | 'NoticeRequested' | 'NoticeAttempted' | 'NoticeDelivered' | 'NoticeFailed' | 'NoticeGivenUp' | 'NoticeReplayRequested' | 'BuildQueued' | 'BuildBegun' | 'BuildCommitChosen' | 'BuildImagePublished' | 'BuildDistributed' | 'BuildSucceeded' | 'BuildFailed' | 'BuildCancelled' | 'server.accept_host_key' | 'client.apply_changes' | 'client.apply_expiry' | 'client.apply_settings' | 'client.back_up' | 'image.build_dev' | 'image.build_prod' | 'credentials.change' | 'webhook.change' | 'repository.check' | 'server.clean_up' | 'client.copy' | 'client.count_users' | 'client.create' | 'webhook.create' | 'client.delete' | 'client.deploy' | 'clients.deploy' | 'client.disable_demo' | 'client.disable_maintenance' | 'server.drain' | 'client.enable_demo' | 'client.enable_maintenance' | 'server.end_draining' | 'ssh_key.make' | 'clients.migrate' | 'client.migrate' | 'client.move' | 'clients.move' | 'server.prepare' | 'client.reboot' | 'server.reboot' | 'client.refresh_copy' | 'command.rejected' | 'client.release_move' | 'server.remove' | 'webhook.remove' | 'delivery.replay' | 'client.restore' | 'client.retry_mail' | 'client.rollback' | 'client.send_expire' | 'client.send_success' | 'client.set_owner_password' | 'repository.set' | 'clients.switch' | 'client.switch' | 'webhook.test' | 'client.undo_move' | undefined;
        'filter[operation]'?: string | undefined;
        'filter[events]'?: 'operations' | 'all' | undefined;
        'filter[from]'?: string | undefined;
        'filter[to]'?: string | undefined;
      };
      answers: {
        200: { data: 'history-entries[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Images of the client application over all servers: where they are, and who runs from them */
    '/images': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        sort?: 'name' | '-name' | 'createdAt' | '-createdAt' | 'sizeBytes' | '-sizeBytes' | 'clientCount' | '-clientCount' | ('name' | '-name' | 'createdAt' | '-createdAt' | 'sizeBytes' | '-sizeBytes' | 'clientCount' | '-clientCount')[] | undefined;
        'filter[serverId]'?: string | undefined;
        'filter[reference]'?: string | undefined;
        'filter[repository]'?: string | undefined;
        'filter[outdated]'?: 'true' | 'false' | undefined;
        'filter[inUse]'?: 'true' | 'false' | undefined;
        'filter[search]'?: string | undefined;
      };
      answers: {
        200: { data: 'image-overviews[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Mails to clients, newest first */
    '/mails': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[status]'?: 'waiting' | 'sending' | 'sent' | 'failed' | 'bounced' | undefined;
        'filter[template]'?: 'success' | 'expire' | undefined;
        'filter[origin]'?: 'request' | 'creation' | 'schedule' | undefined;
        'filter[client]'?: string | undefined;
      };
      answers: {
        200: { data: 'mails[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** A mail as the client would get it now; a password is not shown */
    '/mails/preview': {
      query: {
        template: 'success' | 'expire';
        clientId: string;
        locale?: 'ru' | 'en' | undefined;
      };
      answers: {
        200: { data: 'mail-previews'; always: never; sometimes: 'stale' };
      };
    };
    /** One mail */
    '/mails/{id}': {
      answers: {
        200: { data: 'mails'; always: never; sometimes: 'stale' };
      };
    };
    /** Operations in pages, newest first */
    '/operations': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[status]'?: 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled' | undefined;
        'filter[kind]'?: 'server.accept_host_key' | 'client.apply_changes' | 'client.apply_expiry' | 'client.apply_settings' | 'client.back_up' | 'image.build_dev' | 'image.build_prod' | 'credentials.change' | 'webhook.change' | 'repository.check' | 'server.clean_up' | 'client.copy' | 'client.count_users' | 'client.create' | 'webhook.create' | 'client.delete' | 'client.deploy' | 'clients.deploy' | 'client.disable_demo' | 'client.disable_maintenance' | 'server.drain' | 'client.enable_demo' | 'client.enable_maintenance' | 'server.end_draining' | 'ssh_key.make' | 'clients.migrate' | 'client.migrate' | 'client.move' | 'clients.move' | 'server.prepare' | 'client.reboot' | 'server.reboot' | 'client.refresh_copy' | 'command.rejected' | 'client.release_move' | 'server.remove' | 'webhook.remove' | 'delivery.replay' | 'client.restore' | 'client.retry_mail' | 'client.rollback' | 'client.send_expire' | 'client.send_success' | 'client.set_owner_password' | 'repository.set' | 'clients.switch' | 'client.switch' | 'webhook.test' | 'client.undo_move' | undefined;
        'filter[target]'?: string | undefined;
        'filter[parent]'?: string | undefined;
      };
      answers: {
        200: { data: 'operations[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** One operation with its steps; Prefer: wait=<s> waits for its end */
    '/operations/{id}': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Log of an operation; as text/event-stream it goes on until the end and resumes by Last-Event-ID */
    '/operations/{id}/log': {
      query: {
        'page[after]'?: string | undefined;
      };
      answers: {
        200: { data: 'operation-logs'; always: 'cursor' | 'more'; sometimes: 'stale' };
      };
    };
    /** The repository that images are built from; 404 while none is set */
    '/repository': {
      answers: {
        200: { data: 'repositories'; always: never; sometimes: 'stale' };
      };
    };
    /** Active servers, or all */
    '/servers': {
      query: {
        'filter[active]'?: 'true' | 'all' | undefined;
      };
      fields: 'servers';
      answers: {
        200: { data: 'servers[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** The public part of a key pair made by Alfa Cloud */
    '/servers/keys/{id}': {
      answers: {
        200: { data: 'ssh-keys'; always: never; sometimes: 'stale' };
      };
    };
    /** One server with its load measured now; as text/event-stream it comes anew whenever it changes */
    '/servers/{id}': {
      fields: 'servers';
      answers: {
        200: { data: 'servers'; always: 'monitoring' | 'link'; sometimes: 'stale' };
      };
    };
    /** What was done with a server, newest first */
    '/servers/{id}/history': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[actor]'?: string | undefined;
        'filter[kind]'?: 'ServerRegistered' | 'ServerBecameReady' | 'ServerPreparationFailed' | 'ServerPreparationBegun' | 'ServerChanged' | 'ServerHostKeyPinned' | 'ServerHostKeyRefused' | 'ServerHostKeyAccepted' | 'ServerHealthChanged' | 'ServerMended' | 'ServerAlertRaised' | 'ServerAlertCleared' | 'ServerRebootBegun' | 'ServerDrained' | 'ServerRebooted' | 'ServerRebootFailed' | 'ServerDrainingBegun' | 'ServerDrainingEnded' | 'ServerCleanedUp' | 'ServerRemoved' | 'ClientCreationRequested' | 'ClientCreated' | 'ClientCreationFailed' | 'ClientOperationBegun' | 'ClientOperationEnded' | 'ClientExpireDateChanged' | 'ClientMaintenanceEnabled' | 'ClientMaintenanceDisabled' | 'ClientDemoEnabled' | 'ClientDemoDisabled' | 'ClientOwnerPasswordChanged' | 'ClientUsersCounted' | 'ClientRebooted' | 'ClientChanged' | 'ClientCloudSettingsChanged' | 'ClientCloudSettingsMended' | 'ClientVirtualHostMended' | 'ClientImageSwitched' | 'ClientContainerReplaced' | 'ClientMigrated' | 'ClientBackedUp' | 'ClientBackupRemoved' | 'ClientBackupMoved' | 'ClientRestored' | 'ClientMoved' | 'ClientMoveUndone' | 'ClientMoveReleased' | 'ClientCopied' | 'ClientRefreshed' | 'ClientDeleted' | 'ClientAvailabilityChanged' | 'NameReserved' | 'NameReleased' | 'OperationAccepted' | 'OperationChildrenPlanned' | 'OperationRejected' | 'OperationClaimed' | 'OperationStepStarted' | 'OperationStepCompleted' | 'OperationStepFailed' | 'OperationOutputWritten' | 'OperationCancelRequested' | 'OperationCompensationStarted' | 'OperationStepCompensated' | 'OperationStepCompensationFailed' | 'OperationSucceeded' | 'OperationFailed' | 'OperationCancelled' | 'BulkOperationBegun' | 'BulkOperationEnded' | 'PlacesOpened' | 'PlacesCounted' | 'PlaceReserved' | 'PlaceFreed' | 'PlacesClosed' | 'AdminCredentialsChanged' | 'ControlPlaneAlertRaised' | 'ControlPlaneAlertCleared' | 'SshKeyMade' | 'RepositorySet' | 'RepositoryHostKeyAccepted' | 'MailRequested' | 'MailAttempted' | 'MailSent' | 'MailFailed' | 'MailGivenUp' | 'MailBounced' | 'MailRetryRequested' | 'PasswordLinkIssued' | 'PasswordLinkOpened' | 'WebhookSet' | 'WebhookRemoved' | 'NoticeRequested' | 'NoticeAttempted' | 'NoticeDelivered' | 'NoticeFailed' | 'NoticeGivenUp' | 'NoticeReplayRequested' | 'BuildQueued' | 'BuildBegun' | 'BuildCommitChosen' | 'BuildImagePublished' | 'BuildDistributed' | 'BuildSucceeded' | 'BuildFailed' | 'BuildCancelled' | 'server.accept_host_key' | 'client.apply_changes' | 'client.apply_expiry' | 'client.apply_settings' | 'client.back_up' | 'image.build_dev' | 'image.build_prod' | 'credentials.change' | 'webhook.change' | 'repository.check' | 'server.clean_up' | 'client.copy' | 'client.count_users' | 'client.create' | 'webhook.create' | 'client.delete' | 'client.deploy' | 'clients.deploy' | 'client.disable_demo' | 'client.disable_maintenance' | 'server.drain' | 'client.enable_demo' | 'client.enable_maintenance' | 'server.end_draining' | 'ssh_key.make' | 'clients.migrate' | 'client.migrate' | 'client.move' | 'clients.move' | 'server.prepare' | 'client.reboot' | 'server.reboot' | 'client.refresh_copy' | 'command.rejected' | 'client.release_move' | 'server.remove' | 'webhook.remove' | 'delivery.replay' | 'client.restore' | 'client.retry_mail' | 'client.rollback' | 'client.send_expire' | 'client.send_success' | 'client.set_owner_password' | 'repository.set' | 'clients.switch' | 'client.switch' | 'webhook.test' | 'client.undo_move' | undefined;
        'filter[operation]'?: string | undefined;
        'filter[events]'?: 'operations' | 'all' | undefined;
        'filter[from]'?: string | undefined;
        'filter[to]'?: string | undefined;
      };
      answers: {
        200: { data: 'history-entries[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** Images of the client application that are present on the server */
    '/servers/{id}/images': {
      answers: {
        200: { data: 'images[]'; always: 'total'; sometimes: 'stale' };
      };
    };
    /** What was measured of a server in a range of time, step by step; as text/event-stream each new measurement */
    '/servers/{id}/monitoring': {
      query: {
        from?: string | undefined;
        to?: string | undefined;
        step?: number | undefined;
        'filter[client]'?: string | undefined;
      };
      answers: {
        200: { data: 'monitoring'; always: never; sometimes: 'stale' };
      };
    };
    /** One webhook */
    '/webhooks/{id}': {
      answers: {
        200: { data: 'webhooks'; always: never; sometimes: 'stale' };
      };
    };
    /** What went to a webhook, newest first */
    '/webhooks/{id}/deliveries': {
      query: {
        'page[number]'?: number | undefined;
        'page[size]'?: number | undefined;
        'filter[status]'?: 'waiting' | 'sending' | 'delivered' | 'failed' | undefined;
      };
      answers: {
        200: { data: 'deliveries[]'; always: 'total'; sometimes: 'stale' };
      };
    };
  };
  PATCH: {
    /** Changes attributes of a client; what needs a new configuration or container is made so at once */
    '/clients/{id}': {
      body: {
        type: 'clients';
        attributes: {
          /** Name of the laboratory; null once the client is deleted. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          name?: string;
          /** Where mails go; null once the client is deleted. */
          email?: string;
          /** Notes of the administrator; null once the client is deleted. */
          notes?: string;
          /** Language of its system and of mails to it. */
          locale?: 'ru' | 'en';
          /** What the client may use. Limits of requests are those of its server where it has none of its own. */
          limits?: { memoryMb?: number; cpus?: number; pids?: number; uploadMb?: number | null; requestTimeoutS?: number | null };
          /** Further DNS names of its cloud. */
          aliases?: (string)[];
          /** Whether warnings of the end of use go to the client by themselves. */
          expiryWarnings?: boolean;
        };
      };
      answers: {
        200: { data: 'clients'; always: never; sometimes: 'operationId' | 'applies' | 'operationStatus' | 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'operationId' | 'applies' | 'operationStatus' | 'stale' };
      };
    };
    /** Changes the last day of use; a day that has passed needs confirm */
    '/clients/{id}/expire_date': {
      body: {
        type: 'clients';
        attributes: {
          /** Last day of use, in the zone of the installation. */
          expireDate: string;
          /** Why the last day of use is changed. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          reason: string;
          /** `true`: the day may have passed. */
          confirm?: boolean;
        };
      };
      answers: {
        200: { data: 'clients'; always: never; sometimes: 'operationId' | 'operationStatus' | 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'operationId' | 'operationStatus' | 'stale' };
      };
    };
    /** Changes cloud settings; 200 when they stand in the client's database */
    '/clients/{id}/settings': {
      body: {
        type: 'cloud-settings';
        attributes: {
          /** Whether the quick start is shown. */
          quickStart?: boolean;
          /** Whether the short tutorial is shown. */
          tutorial?: boolean;
        };
      };
      answers: {
        200: { data: 'cloud-settings'; always: never; sometimes: 'operationId' | 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'operationId' | 'stale' };
      };
    };
    /** Sets the repository that images are built from; it must let us in and have both branches */
    '/repository': {
      body: {
        type: 'repositories';
        attributes: {
          /** Its address, without a password. It must be the address of a git repository without blanks, like "git@git.example.org:lab/app.git". */
          url?: string;
          /** Names of the branches that images are built from. */
          branches?: { dev?: string; prod?: string };
          /** Path of the Dockerfile in it. It must be a path inside the repository, like "docker/Dockerfile". */
          dockerfile?: string;
          /** Whose clients are switched to the image of a build that has ended well. */
          afterBuild?: { dev?: { switch: 'none' | 'stage' | 'production' | 'all'; canary?: number; waveSize?: number; stopAfter?: number }; prod?: { switch: 'none' | 'stage' | 'production' | 'all'; canary?: number; waveSize?: number; stopAfter?: number } };
          /** Host key that counts, of an address of ssh; null for any other. It must be a host key without a comment, or its fingerprint, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo". */
          hostKey?: string;
          /** Private key by which the repository lets us in. It is never answered. */
          privateKey?: string;
          /** Opens the private key. It is never answered. */
          passphrase?: string;
          /** Token by which the repository lets us in; null: none any more. It is never answered. */
          token?: string | null;
          /** User that the token is sent with; default: `git`. It must hold neither a colon nor control characters, like "oauth2". */
          username?: string;
          /** By which its host signs what it tells `POST /hooks/git`, kept sealed and never read back; null switches that off. */
          hookSecret?: string | null;
        };
      };
      answers: {
        200: { data: 'repositories'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Changes attributes of a server; it is prepared again where that is needed */
    '/servers/{id}': {
      body: {
        type: 'servers';
        attributes: {
          /** Name that people know it by. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          name?: string;
          /** What it is for: clients, copies of clients, or builds of images. */
          role?: 'production' | 'stage' | 'build';
          /** Domain below which its clients live, `<slug>.<domain>`, in its own script. */
          domain?: string;
          /** How it is reached, without what opens it. */
          connection?: { kind: 'local' } | { kind: 'ssh'; host: string; port?: number; username: string; hostKey?: string; privateKey?: string; passphrase?: string; keyId?: string; jump?: { host: string; port?: number; username: string; hostKey?: string; privateKey?: string; passphrase?: string; keyId?: string } };
          /** Whether it takes new clients and stands in lists of servers. */
          active?: boolean;
          /** How much it takes. */
          capacity?: { clients: number };
          /** Ports of its proxy. */
          proxy?: { httpPort: number; httpsPort?: number };
          /** Limits of requests to clients that have none of their own. */
          limits?: { uploadMb?: number; requestTimeoutS?: number };
        };
      };
      answers: {
        200: { data: 'servers'; always: never; sometimes: 'operationId' | 'applies' | 'operationStatus' | 'connection' | 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'operationId' | 'applies' | 'operationStatus' | 'connection' | 'stale' };
      };
    };
    /** Changes a webhook */
    '/webhooks/{id}': {
      body: {
        type: 'webhooks';
        attributes: {
          /** Where notices go. It must be an address without user, password and fragment, like "https://hooks.example.org/alfa". */
          url?: string;
          /** What it is told of. */
          events?: ('alert.raised' | 'alert.cleared' | 'server.degraded' | 'server.recovered' | 'bulk.failed' | 'backup.failed' | 'mail.given_up' | 'mail.bounced')[];
          /** Whether it is told anything. */
          active?: boolean;
          /** Signs what goes to the webhook; default: one is made and told once. It must be whsec_ and 24 to 64 bytes as base64, like "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw". */
          secret?: string;
        };
      };
      answers: {
        200: { data: 'webhooks'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
  };
  POST: {
    /** Creates a client; its id is known at once, its create log tells how far it is */
    '/clients/create': {
      body: {
        type: 'clients';
        attributes: {
          /** Name of the laboratory; null once the client is deleted. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          name: string;
          /** Technical name: unique over all servers, part of every name made for the client. It must begin with a letter a-z, then have a-z, 0-9 and single hyphens, not at the end, at most 40 characters, like "lab-one". */
          slug: string;
          /** Where mails go; null once the client is deleted. */
          email: string;
          /** Language of its system and of mails to it. */
          locale?: 'ru' | 'en';
          /** Login of the owner's account in the client's system; null once the client is deleted. It must be Latin letters, digits and characters of e-mail addresses, no blanks, like "o'brien@lab.example.org". */
          ownerLogin?: string;
          /** Password of the owner's account; default: one is made. It is never answered. It must be without line breaks and other control characters, like "Blue-Kettle-42". */
          ownerPassword?: string;
          /** Last day of use, in the zone of the installation. */
          expireDate: string;
          /** Docker image that its container runs from, by name. It must be a Docker image: a name in lower case, then perhaps a tag or digest, like "registry.example.org:5000/alfa/client:1.4". */
          image: string;
          /** What the client may use. Limits of requests are those of its server where it has none of its own. */
          limits?: { memoryMb?: number; cpus?: number; pids?: number; uploadMb?: number; requestTimeoutS?: number };
          /** Notes of the administrator; null once the client is deleted. */
          notes?: string;
          /** Whether demo data are in its database. */
          demo?: boolean;
          /** Whether a mail was asked for at the end of its creation. */
          sendSuccess?: boolean;
          /** Whether warnings of the end of use go to the client by themselves. */
          expiryWarnings?: boolean;
        };
        relationships: {
          server?: { type: 'servers'; id: string };
        };
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'operationId' | 'placement' | 'stale' };
        202: { data: 'clients'; always: never; sometimes: 'operationId' | 'placement' | 'stale' };
      };
    };
    /** Makes every client's configuration anew; replaces only containers whose configuration differs; dryRun tells what would happen and what speaks against it */
    '/clients/deploy': {
      query: {
        canary?: number | undefined;
        waveSize?: number | undefined;
        stopAfter?: number | undefined;
        serverId?: string | undefined;
        clientId?: string | undefined;
        dryRun?: boolean | undefined;
        force?: boolean | undefined;
      };
      answers: {
        200: { data: 'bulk-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Updates every client's database; dryRun tells what would happen and what speaks against it */
    '/clients/migrate_all': {
      query: {
        canary?: number | undefined;
        waveSize?: number | undefined;
        stopAfter?: number | undefined;
        serverId?: string | undefined;
        clientId?: string | undefined;
        dryRun?: boolean | undefined;
      };
      answers: {
        200: { data: 'bulk-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Moves clients to another server: those of clientId (one, or several with commas between), or all of serverId */
    '/clients/move_to': {
      query: {
        serverId?: string | undefined;
        canary?: number | undefined;
        waveSize?: number | undefined;
        stopAfter?: number | undefined;
        clientId?: string | undefined;
        targetServer: string;
        holdHours?: number | undefined;
        dryRun?: boolean | undefined;
      };
      answers: {
        200: { data: 'move-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Gives the laboratory's owner a new password */
    '/clients/owner_password': {
      body: {
        type: 'owner-passwords';
        attributes: {
          /** Password of the owner's account. It is never answered. It must be without line breaks and other control characters, like "Blue-Kettle-42". */
          password: string;
        };
        relationships: {
          client: { type: 'clients'; id: string };
        };
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Runs every client from another image; dryRun tells what would happen and what speaks against it */
    '/clients/switch_all': {
      query: {
        canary?: number | undefined;
        waveSize?: number | undefined;
        stopAfter?: number | undefined;
        serverId?: string | undefined;
        clientId?: string | undefined;
        dryRun?: boolean | undefined;
        targetImage: string;
      };
      answers: {
        200: { data: 'bulk-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Backs up the client's database and storage; ok only when the backup was read back and is whole */
    '/clients/{id}/backups': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Copies the client to a stage server, as a client of its own that sends no mail; a copy that is there is made anew, which needs confirm. dryRun tells what would happen */
    '/clients/{id}/copy_to': {
      query: {
        targetServer: string;
        slug?: string | undefined;
        confirm?: boolean | undefined;
        dryRun?: boolean | undefined;
      };
      body?: {
        type: 'copies';
        attributes: {
          /** Run in the copy's database by its own account before the first start; it may be run twice. It is never answered. */
          maskingSql?: string;
          /** Password of the owner's account in the copy; default: one is made. It is never answered. It must be without line breaks and other control characters, like "Blue-Kettle-42". */
          ownerPassword?: string;
        };
      };
      answers: {
        200: { data: 'copy-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Takes the demo data out */
    '/clients/{id}/demo_disable': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Fills in the demo data; once it is there nothing is doubled */
    '/clients/{id}/demo_enable': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Takes the maintenance page off */
    '/clients/{id}/maintain_disable': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Shows the maintenance page in the client's place, by POST with a message of its own */
    '/clients/{id}/maintain_enable': {
      body?: {
        type: 'maintenance';
        attributes: {
          /** What the maintenance page tells, line by line. It must be text with more than blanks, without control characters but line breaks, like "Back at 18:00". */
          message?: string;
        };
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Updates the client's database; a dump is made first and put back when the update fails */
    '/clients/{id}/migrate': {
      query: {
        withoutBackup?: boolean | undefined;
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Restarts the client's container; ends ok only when the client answers again */
    '/clients/{id}/reboot': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Puts a backup back; what the client has entered since is lost, so it needs confirm */
    '/clients/{id}/restore': {
      body: {
        type: 'restorations';
        attributes: {
          /** The backup. It must be an id in lower case like "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90". */
          backupId: string;
          /** `true`: what was entered since the backup may be lost. */
          confirm?: boolean;
          /** `true`: no backup of the present state is made first, so nothing can be put back. */
          withoutBackup?: boolean;
        };
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Runs the client from the image before the last switch again, without a gap */
    '/clients/{id}/rollback': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Sends the mail that tells how many days of use are left */
    '/clients/{id}/send_expire': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Sends the mail with address, login and password of the cloud */
    '/clients/{id}/send_success': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Runs the client from another image; the old container answers until the new one is healthy */
    '/clients/{id}/switch': {
      query: {
        targetImage: string;
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Counts the users anew */
    '/clients/{id}/users_count': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Changes the password, and the login, by which this API is used */
    '/cloud_admin_password': {
      body: {
        type: 'cloud-admin-passwords';
        attributes: {
          /** Password in force. */
          currentPassword: string;
          /** Password from now on. */
          newPassword: string;
          /** Login from now on. Default: it stays. It must be without colon, blanks and control characters, like "admin". */
          login?: string;
        };
      };
      answers: {
        202: { data: null; always: 'state' | 'operationId'; sometimes: 'stale' };
        204: { data: null; always: 'state' | 'operationId'; sometimes: 'stale' };
      };
    };
    /** Builds the image of the development branch, tests it, and brings it to the servers */
    '/containers/build_dev': {
      query: {
        targetServers?: string | (string)[] | undefined;
        force?: boolean | undefined;
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Builds the image of the production branch, tests it, and brings it to the servers */
    '/containers/build_prod': {
      query: {
        targetServers?: string | (string)[] | undefined;
        force?: boolean | undefined;
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Sends a notice once more */
    '/deliveries/{id}/replay': {
      answers: {
        200: { data: 'deliveries'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Tries a mail that waits or was given up again, at once */
    '/mails/{id}/retry': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Asks a running operation to stop and to take back what it did */
    '/operations/{id}/cancel': {
      body?: {
        type: 'cancellations';
        attributes: {
          /** Why it is cancelled. */
          reason?: string;
        };
      };
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Ends the holding of a move at once: what the former server keeps of the client is removed, and the move can not be taken back any more */
    '/operations/{id}/release': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Runs an operation that failed or was cancelled again; one over many clients only for those that did not end ok */
    '/operations/{id}/retry': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Takes a move back while the former server still has the client: it serves there again as it was; what was entered since is kept in a backup, and the result tells it */
    '/operations/{id}/undo': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Checks that the repository lets us in; with a fingerprint, trusts the host key that its host shows now */
    '/repository/check': {
      body?: {
        type: 'repository-checks';
        attributes: {
          /** The host key that counts from now on, as `ssh-keygen -l` shows it. It must be the fingerprint of a key, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo". */
          fingerprint?: string;
        };
      };
      answers: {
        200: { data: 'repositories'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Registers a cloud server and begins to prepare it */
    '/servers/create': {
      body: {
        type: 'servers';
        attributes: {
          /** Name that people know it by. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          name: string;
          /** What it is for: clients, copies of clients, or builds of images. */
          role?: 'production' | 'stage' | 'build';
          /** Domain below which its clients live, `<slug>.<domain>`, in its own script. */
          domain: string;
          /** How it is reached, without what opens it. */
          connection: { kind: 'local' } | { kind: 'ssh'; host: string; port?: number; username: string; hostKey?: string; privateKey?: string; passphrase?: string; keyId?: string; jump?: { host: string; port?: number; username: string; hostKey?: string; privateKey?: string; passphrase?: string; keyId?: string } };
          /** Whether it takes new clients and stands in lists of servers. */
          active?: boolean;
          /** How much it takes. */
          capacity?: { clients: number };
          /** Ports of its proxy. */
          proxy?: { httpPort: number; httpsPort?: number };
          /** Limits of requests to clients that have none of their own. */
          limits?: { uploadMb?: number; requestTimeoutS?: number };
        };
      };
      answers: {
        201: { data: 'servers'; always: 'operationId'; sometimes: 'connection' | 'stale' };
        202: { data: 'servers'; always: 'operationId'; sometimes: 'connection' | 'stale' };
      };
    };
    /** Makes a key pair by which servers can be reached; answers its public part */
    '/servers/keys': {
      body?: {
        type: 'ssh-keys';
        attributes: {
          /** Stands at the end of the public key. Default `alfa-cloud`. It must be one line with more than blanks and without control characters, like "Laboratory No. 1". */
          comment?: string;
        };
      };
      answers: {
        201: { data: 'ssh-keys'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Trusts the host key with this fingerprint, if it is the one that the server shows now */
    '/servers/{id}/accept_host_key': {
      body: {
        type: 'host-keys';
        attributes: {
          /** The host key that counts from now on, as `ssh-keygen -l` shows it. It must be the fingerprint of a key, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo". */
          fingerprint: string;
        };
      };
      answers: {
        200: { data: 'servers'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Removes images of builds that nobody needs any more, and what killed builds have left; dryRun tells what, how many bytes that frees, and why the others stay */
    '/servers/{id}/cleanup': {
      query: {
        dryRun?: boolean | undefined;
      };
      answers: {
        200: { data: 'cleanup-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Moves all clients to other servers, each to the one that is chosen for it; no new one comes meanwhile; dryRun tells what would happen and what speaks against it */
    '/servers/{id}/drain': {
      query: {
        canary?: number | undefined;
        waveSize?: number | undefined;
        stopAfter?: number | undefined;
        dryRun?: boolean | undefined;
        holdHours?: number | undefined;
      };
      answers: {
        200: { data: 'bulk-plans'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Prepares the server again; a ready one serves its clients and takes new ones meanwhile */
    '/servers/{id}/prepare': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Reboots the server; ends well when it has another boot id and Docker, database, proxy and every client that ran before are back */
    '/servers/{id}/reboot_server': {
      answers: {
        200: { data: 'operations'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
    /** Makes a webhook */
    '/webhooks': {
      body: {
        type: 'webhooks';
        attributes: {
          /** Where notices go. It must be an address without user, password and fragment, like "https://hooks.example.org/alfa". */
          url: string;
          /** What it is told of. */
          events: ('alert.raised' | 'alert.cleared' | 'server.degraded' | 'server.recovered' | 'bulk.failed' | 'backup.failed' | 'mail.given_up' | 'mail.bounced')[];
          /** Whether it is told anything. */
          active?: boolean;
          /** Signs what goes to the webhook; default: one is made and told once. It must be whsec_ and 24 to 64 bytes as base64, like "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw". */
          secret?: string;
        };
      };
      answers: {
        201: { data: 'webhooks'; always: never; sometimes: 'secret' | 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'secret' | 'stale' };
      };
    };
    /** Sends a notice of type test */
    '/webhooks/{id}/test': {
      answers: {
        201: { data: 'deliveries'; always: never; sometimes: 'stale' };
        202: { data: 'operations'; always: never; sometimes: 'stale' };
      };
    };
  };
}

import { existsSync } from 'node:fs';
import { newId, type Command, type CommandData } from '@alfa-cloud/contracts';
import { recordCredentialsChange } from '@alfa-cloud/provisioner';
import { generatePassword, hashPassword, openAdminCredentials } from '@alfa-cloud/secrets';
import { connectBus, connectEngines, type Bus } from '@alfa-cloud/service-host';
import { errorMessage, type Logger } from '@alfa-cloud/service-kit';
import type { AlfaCloudConfig } from './config.ts';
import { startEngines } from './engines.ts';
import { findRunningNats, natsDirectory } from './running-nats.ts';

const actor = 'system:admin-reset';
/** Longest wait for the provisioner of a running product. Without its reply the credentials are changed anyway. */
const provisionerWaitMs = 10_000;

export interface AdminReset {
  login: string;
  password: string;
  /** False when the change could not be recorded as an event. */
  isRecorded: boolean;
}

type Engines = Pick<AlfaCloudConfig, 'dataDirectory' | 'natsUrl'>;

/**
 * Gives the administrator a new random password without asking for the old one, which whoever can read the master key may do. Works while the
 * product is stopped, and while it runs; then every gateway accepts the new password at once.
 * @param firstLogin login to use when none is stored
 * @throws Error for the operator when there is no installation, or its engines can't be reached; the former password stays valid
 */
export const resetAdmin = async (
  config: AlfaCloudConfig,
  { firstLogin, logger }: { firstLogin: string; logger: Logger },
): Promise<AdminReset> => {
  const running = await findRunning(config);
  const change = async (bus: Bus, carryOut: CarryOut): Promise<AdminReset> => {
    const credentials = await openAdminCredentials(bus.messaging.buckets);
    const known = await credentials.read();
    const login = known.credentials?.login ?? firstLogin;
    const password = generatePassword();
    const hash = await hashPassword(password);
    const next = { login, hash, changedAt: new Date().toISOString(), changeId: newId() };
    const replace = async (): Promise<void> => {
      if (await credentials.replace(next, known.revision)) return;
      throw new Error('Somebody else has changed the credentials at the same moment; try again');
    };
    return { login, password, isRecorded: await carryOut({ ...next, basedOn: known.revision, replace }) };
  };

  if (running !== null) {
    const bus = await connectBus({ ...config, natsUrl: running }, { name: 'admin-reset', logger });
    try {
      return await change(bus, (next) => throughProvisioner(bus, next));
    } finally {
      await bus.close();
    }
  }

  const cleanup: (() => Promise<void>)[] = [];
  try {
    const started = await startEngines(config, logger, cleanup).catch((error: unknown) => {
      throw new Error(`The engines could not be started; does the product run? ${errorMessage(error)}`, {
        cause: error,
      });
    });
    const engines = await connectEngines({ ...config, ...started }, { name: 'admin-reset', logger });
    cleanup.unshift(() => engines.close());
    return await change(engines, async ({ replace, login, changeId }) => {
      await replace();
      const cause = { commandId: changeId, correlationId: changeId, causationId: changeId, actor };
      return succeeds(() => recordCredentialsChange(engines.eventStore, { login, changeId }, cause));
    });
  } finally {
    for (const step of cleanup) await step();
  }
};

interface Change {
  login: string;
  hash: string;
  changeId: string;
  basedOn: number;
  /** Stores the new credentials directly, without the provisioner. */
  replace: () => Promise<void>;
}

/** @returns whether the change is recorded */
type CarryOut = (change: Change) => Promise<boolean>;

const findRunning = async ({ dataDirectory, natsUrl }: Engines): Promise<string | null> => {
  if (natsUrl !== undefined) return natsUrl;
  const directory = natsDirectory(dataDirectory);
  if (!existsSync(directory)) {
    throw new Error(
      `Nothing of Alfa Cloud lies in ${dataDirectory}; name its data directory in ALFA_DATA_DIR`,
    );
  }
  return findRunningNats(directory);
};

/** Sends the command that the API sends too. A provisioner that starts later recognises the stored change by its id, and records it. */
const throughProvisioner = async (bus: Bus, change: Change): Promise<boolean> => {
  const { login, hash, changeId: id, basedOn, replace } = change;
  const command: Command<CommandData<'ChangeAdminCredentials'>, 'ChangeAdminCredentials'> = {
    id,
    name: 'ChangeAdminCredentials',
    data: { login, hash: await bus.vault.seal('transport', hash), basedOn },
    actor,
    correlationId: id,
    causationId: id,
    issuedAt: new Date().toISOString(),
    fingerprint: id,
  };
  const sent = await bus.messaging.commands.send(command, { waitMs: provisionerWaitMs, isNew: true });
  if (sent.kind === 'stored') {
    await replace();
    return false;
  }
  if (sent.reply.outcome === 'accepted') return true;
  throw new Error(sent.reply.faults.map(({ detail }) => detail).join('; '));
};

const succeeds = async (act: () => Promise<unknown>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
};

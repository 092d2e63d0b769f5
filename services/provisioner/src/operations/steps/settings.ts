import { isDeepStrictEqual } from 'node:util';
import type { Step, StepIo } from '@alfa-cloud/operations';
import { loadClient } from '../../domain/load.ts';
import { runSql } from '../../on-server/database.ts';
import { serverStep } from '../../on-server/failures.ts';
import { cloudSettingsSql, type CloudSettings, type SettingsPart } from '../../on-server/sql.ts';
import type { Maintenance } from '../../domain/client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps, DesiredPage } from '../../resources/virtual-host/page.ts';
import { settingsOf } from '../../resources/cloud-settings/desired.ts';

const common = { name: 'settings', deadlineMs: 120_000 } as const;

type RecordDeps = Pick<PageDeps, 'store' | 'timeZone'>;

/** The table by which the application knows of maintenance, expiry, quick start and tutorial. */
export const newSettingsStep = (deps: Pick<PageDeps, 'timeZone'>): Step<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, io) {
      const settings = settingsOf({ ...client, ...client.client, maintenance: null }, deps.timeZone);
      await write(client, settings, 'everything', io);
      return usableUntil(settings);
    },
  });

/** Tells the application of maintenance what the operation wants, and what is recorded if the operation fails. */
export const maintenanceSettingsStep = (
  { timeZone }: Pick<PageDeps, 'timeZone'>,
  desired: DesiredPage,
): Step<ClientOnServer> => {
  const tell = async (client: ClientOnServer, maintenance: Maintenance | null, io: StepIo) => {
    await write(
      client,
      settingsOf({ ...client, ...client.client, maintenance }, timeZone),
      'maintenance',
      io,
    );
    return maintenance === null ? 'No maintenance' : 'Maintenance with its message';
  };
  return serverStep({
    ...common,
    act: (client, io) => tell(client, desired.maintenance, io),
    compensate: (client, io) => tell(client, client.maintenance, io),
  });
};

/** Tells the application the newest recorded last day. */
export const expirySettingsStep = (deps: RecordDeps): Step<ClientOnServer> =>
  serverStep({
    ...common,
    act: async (client, io) => usableUntil(await writeRecorded(deps, client, 'expiry', io)),
  });

/** Tells the application the newest recorded quick start and tutorial. */
export const optionsSettingsStep = (deps: RecordDeps): Step<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, io) {
      const { quickStart, tutorial } = await writeRecorded(deps, client, 'options', io);
      const words = (isShown: boolean) => (isShown ? 'is shown' : 'is not shown');
      return `Quick start ${words(quickStart)}, tutorial ${words(tutorial)}`;
    },
  });

/** Makes the whole row what is recorded, after the database was put back or changed as a whole. */
export const wholeSettingsStep = (deps: RecordDeps): Step<ClientOnServer> =>
  serverStep({
    ...common,
    act: async (client, io) => usableUntil(await writeRecorded(deps, client, 'everything', io)),
  });

/**
 * Writes what is recorded. That may change while it is written: then an older operation could come last, so the record is looked at
 * again after each writing.
 */
export const writeRecorded = async (
  { store, timeZone }: RecordDeps,
  client: ClientOnServer,
  part: SettingsPart,
  io: Pick<StepIo, 'signal'>,
): Promise<CloudSettings> => {
  const recorded = async (): Promise<CloudSettings> => {
    const { state } = await loadClient(store, client.client.id);
    return settingsOf(
      state.status === 'active' ? { ...state, ...state.client } : { ...client, ...client.client },
      timeZone,
    );
  };
  let settings = await recorded();
  for (;;) {
    await write(client, settings, part, io);
    const newest = await recorded();
    if (isDeepStrictEqual(newest, settings)) return settings;
    settings = newest;
  }
};

const usableUntil = ({ expiresAt }: CloudSettings): string => `Usable until ${expiresAt.toISOString()}`;

const write = async (
  { cloud, names, redact }: ClientOnServer,
  settings: CloudSettings,
  part: SettingsPart,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  await runSql(cloud, cloudSettingsSql(names, settings, part), redact, { signal });
};

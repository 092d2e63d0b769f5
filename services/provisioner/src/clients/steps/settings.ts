import type { Step, StepIo } from '@alfa-cloud/event-sourcing';
import { runSql } from '../../on-server/database.ts';
import { serverStep } from '../../on-server/failures.ts';
import { cloudSettingsSql, type SettingsPart } from '../../on-server/sql.ts';
import { loadClient } from '../../load.ts';
import type { Maintenance } from '../client.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import { endOfDay } from '../days.ts';
import type { PageDeps, PageWish } from '../page.ts';

const common = { name: 'settings', deadlineMs: 120_000 } as const;

/** The table by which the application knows of maintenance, expiry, quick start and tutorial. */
export const newSettingsStep = ({ timeZone }: Pick<PageDeps, 'timeZone'>): Step<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, io) {
      const expiresAt = endOfDay(client.client.expireDate, timeZone);
      await write(client, { expiresAt, maintenance: null }, 'everything', io);
      return `Usable until ${expiresAt.toISOString()}`;
    },
  });

/** Tells the application of maintenance what the operation wants, and what is recorded if the operation fails. */
export const maintenanceSettingsStep = (
  { timeZone }: Pick<PageDeps, 'timeZone'>,
  wish: PageWish,
): Step<ClientOnServer> => {
  const tell = async (client: ClientOnServer, maintenance: Maintenance | null, io: StepIo) => {
    const expiresAt = endOfDay(client.client.expireDate, timeZone);
    await write(client, { expiresAt, maintenance }, 'maintenance', io);
    return maintenance === null ? 'No maintenance' : 'Maintenance with its message';
  };
  return serverStep({
    ...common,
    act: (client, io) => tell(client, wish.maintenance, io),
    compensate: (client, io) => tell(client, client.maintenance, io),
  });
};

/**
 * Tells the application the newest recorded last day. It may change while it is written: then an older operation could come last, so
 * the record is looked at again after each writing.
 */
export const expirySettingsStep = ({ store, timeZone }: PageDeps): Step<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, io) {
      for (let day = client.client.expireDate; ;) {
        const expiresAt = endOfDay(day, timeZone);
        await write(client, { expiresAt, maintenance: client.maintenance }, 'expiry', io);
        const { state } = await loadClient(store, client.client.id);
        if (state.status === 'absent' || state.client.expireDate === day) {
          return `Usable until ${expiresAt.toISOString()}`;
        }
        day = state.client.expireDate;
      }
    },
  });

const write = async (
  { cloud, names, redact }: ClientOnServer,
  settings: { expiresAt: Date; maintenance: Maintenance | null },
  part: SettingsPart,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  await runSql(cloud, cloudSettingsSql(names, settings, part), redact, { signal });
};

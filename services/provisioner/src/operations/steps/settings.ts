import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { Maintenance } from '../../domain/client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { CloudSettings } from '../../on-server/cloud-settings-sql.ts';
import { cloudSettingsOf } from '../../resources/cloud-settings/desired.ts';
import { ensureCloudSettings, reconcileCloudSettings } from '../../resources/cloud-settings/reconcile.ts';
import type { DesiredPage, PageDeps } from '../../resources/virtual-host/expected-vhost.ts';

const common = { deadlineMs: 120_000 } as const;

type RecordDeps = Pick<PageDeps, 'store' | 'timeZone'>;

/** The table by which the application knows of maintenance, expiry, quick start and tutorial. */
export const newSettingsStep = ({ timeZone }: Pick<PageDeps, 'timeZone'>): StepWork<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, { signal }) {
      const settings = cloudSettingsOf({ ...client, ...client.client, maintenance: null }, timeZone);
      await ensureCloudSettings(client, settings, 'everything', { signal });
      return usableUntil(settings);
    },
  });

/** Tells the application of maintenance what the operation desires, and what is recorded if the operation fails. */
export const maintenanceSettingsStep = (
  { timeZone }: Pick<PageDeps, 'timeZone'>,
  desired: DesiredPage,
): StepWork<ClientOnServer> => {
  const tell = async (client: ClientOnServer, maintenance: Maintenance | null, { signal }: StepIo) => {
    const settings = cloudSettingsOf({ ...client, ...client.client, maintenance }, timeZone);
    await ensureCloudSettings(client, settings, 'maintenance', { signal });
    return maintenance === null ? 'No maintenance' : 'Maintenance with its message';
  };
  return serverStep({
    ...common,
    act: (client, io) => tell(client, desired.maintenance, io),
    compensate: (client, io) => tell(client, client.maintenance, io),
  });
};

/** Tells the application the newest recorded last day. */
export const expirySettingsStep = (deps: RecordDeps): StepWork<ClientOnServer> =>
  serverStep({
    ...common,
    act: async (client, { signal }) =>
      usableUntil(await reconcileCloudSettings(deps, client, 'expiry', { signal })),
  });

/** Tells the application the newest recorded quick start and tutorial. */
export const optionsSettingsStep = (deps: RecordDeps): StepWork<ClientOnServer> =>
  serverStep({
    ...common,
    async act(client, { signal }) {
      const { quickStart, tutorial } = await reconcileCloudSettings(deps, client, 'options', { signal });
      const words = (isShown: boolean) => (isShown ? 'is shown' : 'is not shown');
      return `Quick start ${words(quickStart)}, tutorial ${words(tutorial)}`;
    },
  });

/** Writes all that is recorded, after the database was restored or changed as a whole. */
export const wholeSettingsStep = (deps: RecordDeps): StepWork<ClientOnServer> =>
  serverStep({
    ...common,
    act: async (client, { signal }) =>
      usableUntil(await reconcileCloudSettings(deps, client, 'everything', { signal })),
  });

const usableUntil = ({ expiresAt }: CloudSettings): string => `Usable until ${expiresAt.toISOString()}`;

import type { Step } from '@alfa-cloud/event-sourcing';
import { runSql } from '../../on-server/database.ts';
import { serverStep } from '../../on-server/failures.ts';
import { cloudSettingsSql } from '../../on-server/sql.ts';
import type { Creation } from '../creation.ts';
import type { CreationSettings } from '../creation-settings.ts';
import { endOfDay } from '../days.ts';

/** The table by which the application knows of maintenance, expiry, quick start and tutorial. */
export const settingsStep = ({ timeZone }: Pick<CreationSettings, 'timeZone'>): Step<Creation> =>
  serverStep({
    name: 'settings',
    deadlineMs: 120_000,
    async act({ cloud, names, client, redact }, { signal }) {
      const expiresAt = endOfDay(client.expireDate, timeZone);
      await runSql(cloud, cloudSettingsSql(names, { expiresAt }), redact, { signal });
      return `Usable until ${expiresAt.toISOString()}`;
    },
  });

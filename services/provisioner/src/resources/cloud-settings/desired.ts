import type { CloudSettings } from '../../on-server/cloud-settings-sql.ts';
import type { ActiveClient, Maintenance } from '../../domain/client.ts';
import { endOfDay } from '../../domain/days.ts';

/** What the application should be told of a client, by what is recorded. */
export const cloudSettingsOf = (
  {
    expireDate,
    maintenance,
    cloudSettings,
  }: { expireDate: string; maintenance: Maintenance | null; cloudSettings: ActiveClient['cloudSettings'] },
  timeZone: string,
): CloudSettings => ({
  maintenance: maintenance === null ? null : { message: maintenance.message },
  expiresAt: endOfDay(expireDate, timeZone),
  quickStart: cloudSettings.quickStart,
  tutorial: cloudSettings.tutorial,
});

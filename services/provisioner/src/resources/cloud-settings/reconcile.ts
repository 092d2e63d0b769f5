import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from '@alfa-cloud/cloud-server';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runSql } from '../../on-server/database.ts';
import {
  cloudSettingsSql,
  type CloudSettings,
  type CloudSettingsPart,
} from '../../on-server/cloud-settings-sql.ts';
import type { PageDeps } from '../virtual-host/expected-vhost.ts';
import { cloudSettingsOf } from './desired.ts';

/** Writes a part of the cloud settings into the client's database; makes their table when it is not there. */
export const ensureCloudSettings = async (
  { cloud, names, redact }: ClientOnServer,
  settings: CloudSettings,
  part: CloudSettingsPart,
  options: CallOptions,
): Promise<void> => {
  await runSql(cloud, cloudSettingsSql(names, settings, part), redact, options);
};

/**
 * Writes a part of the cloud settings as it is recorded. Reads the record again after each writing, since it may have changed meanwhile, and
 * an older value could be the last one written.
 * @returns what was written last
 */
export const reconcileCloudSettings = async (
  { store, timeZone }: Pick<PageDeps, 'store' | 'timeZone'>,
  client: ClientOnServer,
  part: CloudSettingsPart,
  options: CallOptions,
): Promise<CloudSettings> => {
  const recorded = async (): Promise<CloudSettings> => {
    const { state } = await loadClient(store, client.client.id);
    return cloudSettingsOf(
      state.status === 'active' ? { ...state, ...state.client } : { ...client, ...client.client },
      timeZone,
    );
  };
  let settings = await recorded();
  for (;;) {
    await ensureCloudSettings(client, settings, part, options);
    const newest = await recorded();
    if (isDeepStrictEqual(newest, settings)) return settings;
    settings = newest;
  }
};

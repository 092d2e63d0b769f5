import { serverNames, serverPaths } from '../../on-server/names.ts';
import { databasePlan } from '../../on-server/plans.ts';
import type { Preparation, PreparationConfig } from '../../on-server/preparation.ts';
import { serverContainer, type ServerContainer } from './server-container.ts';

/** The container of the server's database, as the configuration wants it now. */
export const databaseContainer = (
  { cloud, origin }: Pick<Preparation, 'cloud' | 'origin'>,
  { databaseImage }: Pick<PreparationConfig, 'databaseImage'>,
): ServerContainer =>
  serverContainer(
    cloud,
    {
      name: serverNames.database,
      spec: databasePlan({
        image: databaseImage,
        secretsDirectory: cloud.files.absolute(serverPaths.databaseSecrets),
        backupsDirectory: cloud.files.absolute(serverPaths.backups),
        origin,
      }),
      paths: [serverPaths.databaseSecrets, serverPaths.backups],
    },
    origin,
  );

import type { Step } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final } from '../../on-server/failures.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import { resourceStep } from './resource-step.ts';

/** A database and an account of the client's own. */
export const databaseStep: Step<ClientOnServer> = resourceStep({
  name: 'database',
  resource: clientDatabase,
  async verify(client, { signal }) {
    const { database, accounts } = await clientDatabase(client).inspect({ signal });
    if (database === 'own' && accounts > 0) return;
    throw final('database_missing', `Database ${client.names.database} is not there after it was made`);
  },
});

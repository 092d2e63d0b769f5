import { runService } from '@alfa-cloud/service-kit';
import { createAlfaCloud } from './alfa-cloud.ts';
import { readAlfaCloudConfig } from './config.ts';

const tell = (login: string, password: string): void => {
  process.stderr.write(`\nFirst administrator: ${login} / ${password}\nIt is shown this once.\n\n`);
};

await runService(
  'alfa-cloud',
  async (env) => createAlfaCloud(readAlfaCloudConfig(env), { onFirstPassword: tell }),
  process.env,
);

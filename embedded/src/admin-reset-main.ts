import { readGatewayConfig } from '@alfa-cloud/api-gateway';
import { createLogger, errorMessage } from '@alfa-cloud/service-kit';
import { resetAdmin } from './admin-reset.ts';
import { readAlfaCloudConfig } from './config.ts';

try {
  const { login, password, isRecorded } = await resetAdmin(readAlfaCloudConfig(process.env), {
    firstLogin: readGatewayConfig(process.env).firstCredentials.login,
    logger: createLogger({ service: 'admin-reset', level: 'error' }),
  });
  process.stdout.write(`Administrator: ${login} / ${password}\nIt is in force now and shown this once.\n`);
  if (!isRecorded) process.stderr.write('The change could not be recorded as an event yet.\n');
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}

import { createLogger, errorMessage } from '@alfa-cloud/service-kit';
import { adoptKey } from './adopt-key.ts';
import { readAlfaCloudConfig } from './config.ts';

const confirmation = '--destroy-what-it-does-not-open';
const confirmed = process.argv.slice(2).includes(confirmation);

try {
  const lost = await adoptKey(readAlfaCloudConfig(process.env), {
    confirmed,
    logger: createLogger({ service: 'adopt-key', level: 'error' }),
  });
  const named = lost.length === 0 ? 'none' : lost.join(', ');
  process.stdout.write(
    confirmed
      ? `The master key is adopted. Keys destroyed: ${named}\n`
      : `Keys that this master key does not open: ${named}\nNothing was changed. To adopt it and destroy those keys, stop all services and add ${confirmation}\n`,
  );
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}

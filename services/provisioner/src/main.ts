import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { readProvisionerConfig } from './config.ts';
import { createProvisioner } from './provisioner.ts';

await runService(
  'provisioner',
  async (env) => hostService('provisioner', readProvisionerConfig(env), createProvisioner),
  process.env,
);

import type { OperationKind } from '@alfa-cloud/contracts';

/** Steps that operations on a client have in common. */
const clientSteps = {
  application: 'Maintenance mode of the application',
  backup: 'Backup',
  check: 'Nothing left on the server',
  config: 'Configuration files',
  container: 'Container',
  containers: 'Containers',
  count: 'Count of the users',
  database: 'Database and user',
  demo: 'Demo data',
  healthy: 'Health of the application',
  migrate: 'Migrations',
  next: 'New container beside the old one',
  observe: 'Observation of the new container',
  open: 'Maintenance page off',
  owner: 'Owner account',
  page: 'Maintenance page on',
  reachable: 'Reachable through the proxy',
  rename: 'Name of the new container',
  reserve: 'Reservation of the name',
  restart: 'Restart of the container',
  restore: 'Data from the backup',
  retire: 'Removal of the old container',
  settings: 'Cloud settings',
  vhost: 'Virtual host in the proxy',
  volume: 'Storage volume',
};

/** Steps of operations over many clients. */
const bulkSteps = {
  plan: 'Plan',
  canary: 'First clients, one at a time',
  waves: 'The other clients',
  proxy: 'Virtual hosts in the proxy',
  results: 'Results of all clients',
};

/** Operations and their steps in words for people. A step without a title is named by its own name. */
const titles: {
  readonly [Kind in OperationKind]: { kind: string; steps: Readonly<Record<string, string>> };
} = {
  'server.prepare': {
    kind: 'Preparation of the server',
    steps: {
      reachable: 'Docker Engine reachable',
      'docker-version': 'Version of the Docker Engine',
      disk: 'Free disk space',
      clock: 'Clock of the server',
      'engine-free': 'Engine free of other installations',
      network: 'Network',
      database: 'Database server',
      proxy: 'Proxy server',
    },
  },
  'server.remove': { kind: 'Removal of the server', steps: {} },
  'credentials.change': { kind: "Change of the administrator's credentials", steps: {} },
  'client.create': { kind: 'Creation of the client', steps: clientSteps },
  'client.reboot': { kind: 'Restart of the client', steps: clientSteps },
  'client.enable_maintenance': { kind: 'Turning on of the maintenance page', steps: clientSteps },
  'client.disable_maintenance': { kind: 'Turning off of the maintenance page', steps: clientSteps },
  'client.enable_demo': { kind: 'Filling with demo data', steps: clientSteps },
  'client.disable_demo': { kind: 'Removal of the demo data', steps: clientSteps },
  'client.set_owner_password': { kind: "Change of the owner's password", steps: clientSteps },
  'client.count_users': { kind: 'Count of the users', steps: clientSteps },
  'client.apply_expiry': { kind: 'Application of the last day of use', steps: clientSteps },
  'client.apply_changes': { kind: 'Application of changed attributes', steps: clientSteps },
  'client.apply_settings': { kind: 'Application of the cloud settings', steps: clientSteps },
  'client.switch': { kind: 'Switch to another image', steps: clientSteps },
  'client.rollback': { kind: 'Return to the previous image', steps: clientSteps },
  'client.migrate': { kind: 'Migration of the database', steps: clientSteps },
  'client.deploy': { kind: 'Renewal of the configuration', steps: clientSteps },
  'client.back_up': { kind: 'Backup', steps: clientSteps },
  'client.restore': {
    kind: 'Restoration of a backup',
    steps: { ...clientSteps, backup: 'Backup of what is there' },
  },
  'client.delete': {
    kind: 'Deletion of the client',
    steps: { ...clientSteps, backup: 'Final backup', vhost: 'Configuration files and virtual host' },
  },
  'clients.switch': { kind: 'Switch of many clients to another image', steps: bulkSteps },
  'clients.migrate': { kind: 'Migration of many databases', steps: bulkSteps },
  'clients.deploy': { kind: 'Renewal of many configurations', steps: bulkSteps },
  'command.rejected': { kind: 'Command', steps: {} },
};

export const kindTitle = (kind: OperationKind): string => titles[kind].kind;

/** What was to be done, as a rejected operation has it: the name of a command, or the kind of an operation that could not begin. */
export const commandTitle = (command: string): string =>
  Object.hasOwn(titles, command) ? kindTitle(command as OperationKind) : `Command ${command}`;

/** Title of a step; `wait-healthy` without one of its own becomes `Wait healthy`. */
export const stepTitle = (kind: OperationKind, step: string): string => {
  const { steps } = titles[kind];
  const title = Object.hasOwn(steps, step) ? steps[step] : undefined;
  return title ?? capitalised(step);
};

const capitalised = (name: string): string => {
  const words = name.replaceAll(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

import type { OperationKind } from '@alfa-cloud/contracts';

/** Steps that operations on a client have in common. */
const clientSteps = {
  restart: 'Restart of the container',
  healthy: 'Health of the application',
  application: 'Maintenance mode of the application',
  owner: 'Owner account',
  demo: 'Demo data',
  count: 'Count of the users',
  settings: 'Cloud settings',
  vhost: 'Virtual host in the proxy',
  reachable: 'Reachable through the proxy',
};

/** Operations and their steps in words for people. A step without a title is named by its own name. */
const titles: {
  readonly [Kind in OperationKind]: { kind: string; steps: Readonly<Record<string, string>> };
} = {
  'server.prepare': {
    kind: 'Preparation of the server',
    steps: {
      reachable: 'Docker Engine reachable',
      disk: 'Free disk space',
      'engine-free': 'Engine free of other installations',
      database: 'Database server',
      proxy: 'Proxy server',
    },
  },
  'client.create': {
    kind: 'Creation of the client',
    steps: {
      reserve: 'Reservation of the name',
      config: 'Configuration files',
      database: 'Database and user',
      volume: 'Storage volume',
      migrate: 'Migrations',
      ...clientSteps,
    },
  },
  'client.reboot': { kind: 'Restart of the client', steps: clientSteps },
  'client.enable_maintenance': { kind: 'Turning on of the maintenance page', steps: clientSteps },
  'client.disable_maintenance': { kind: 'Turning off of the maintenance page', steps: clientSteps },
  'client.enable_demo': { kind: 'Filling with demo data', steps: clientSteps },
  'client.disable_demo': { kind: 'Removal of the demo data', steps: clientSteps },
  'client.set_owner_password': { kind: "Change of the owner's password", steps: clientSteps },
  'client.count_users': { kind: 'Count of the users', steps: clientSteps },
  'client.apply_expiry': { kind: 'Application of the last day of use', steps: clientSteps },
  'command.rejected': { kind: 'Command', steps: {} },
};

export const kindTitle = (kind: OperationKind): string => titles[kind].kind;

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

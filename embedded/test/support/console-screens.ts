import { clientIdOf, serverIdOf, actionOperationIdOf } from '@alfa-cloud/projector/testing';

/** Every screen of the console with an address that shows something of the generated world. */
export const consoleScreens = [
  ['overview', '/'],
  ['clients', '/clients'],
  ['create-client', '/clients/create'],
  ['client', `/clients/${clientIdOf('lab-001')}`],
  ['as-it-was', `/clients/${clientIdOf('lab-001')}?tab=history&at=now`],
  ['servers', '/servers'],
  ['register-server', '/servers/register'],
  ['server', `/servers/${serverIdOf('kazan')}`],
  ['images', '/images'],
  ['operations', '/operations'],
  ['operation', `/operations/${actionOperationIdOf('lab-001', 4)}`],
  ['mails', '/mails'],
  ['history', '/history'],
  ['account', '/account'],
] as const satisfies readonly (readonly [name: string, path: string])[];

import { serverId } from './ids.ts';

export const newClient = (attributes: Record<string, unknown> = {}): Record<string, unknown> => ({
  data: {
    type: 'clients',
    attributes: {
      name: 'Лаборатория «Один»',
      slug: 'lab-one',
      email: 'one@lab.test',
      expireDate: '2027-01-31',
      image: 'alfa-client:1.4.0',
      ...attributes,
    },
    relationships: { server: { data: { type: 'servers', id: serverId } } },
  },
});

export const newServer = (attributes: Record<string, unknown> = {}): Record<string, unknown> => ({
  data: {
    type: 'servers',
    attributes: { name: 'cloud-1', domain: 'alfa.test', connection: { kind: 'local' }, ...attributes },
  },
});

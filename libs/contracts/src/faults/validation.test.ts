import { expect, test } from '@jest/globals';
import { ClientAttributes } from '../attributes/clients.ts';
import { ServerAttributes } from '../attributes/servers.ts';
import { faultsOf } from './validation.ts';

const server = (more: object) => ({ name: 'n', domain: 'd.test', connection: { kind: 'local' }, ...more });
const told = (value: unknown) =>
  faultsOf(ServerAttributes, value).map(({ pointer, detail }) => `${pointer} ${detail}`);

test('of a union of literals one fault names them all', () => {
  expect(told(server({ role: 'lab' }))).toEqual(['/role must be one of production, stage, build']);
});

test('of a union told apart by a literal only the member meant is spoken of', () => {
  expect(told(server({ connection: { kind: 'ssh', host: 'h', colour: 'red' } })).sort()).toEqual([
    '/connection/colour "colour" is not known here',
    '/connection/username "username" is required',
  ]);
  expect(told(server({ connection: { kind: 'telnet' } }))).toEqual([
    '/connection/kind must be one of local, ssh',
  ]);
});

test('faults outside of a union stay', () => {
  expect(told({ role: 'lab' })).toHaveLength(4);
});

test('what a value should be is told in words', () => {
  const client = {
    name: 'Lab',
    slug: 'lab-1',
    email: 'no address',
    expireDate: '2028-02-30',
    image: 'alfa/client:1',
    ownerPassword: 'short',
    limits: { memoryMb: 1, cpus: 1_000_000 },
    notes: 'n'.repeat(10_001),
  };
  const details = faultsOf(ClientAttributes, client).map(({ pointer, detail }) => `${pointer} ${detail}`);
  expect(details.toSorted()).toEqual([
    expect.stringMatching(/^\/email must be an e-mail address like /),
    '/expireDate must be a day like 2027-12-31',
    expect.stringMatching(/^\/limits\/cpus must be at most \d+$/),
    expect.stringMatching(/^\/limits\/memoryMb must be at least \d+$/),
    '/notes must have at most 10000 characters',
    '/ownerPassword must have at least 8 characters',
  ]);
});

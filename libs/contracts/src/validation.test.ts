import { expect, test } from '@jest/globals';
import { ServerAttributes } from './commands/servers.ts';
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
    '/connection/privateKey "privateKey" is required',
    '/connection/username "username" is required',
  ]);
  expect(told(server({ connection: { kind: 'telnet' } }))).toEqual([
    '/connection/kind must be one of local, ssh',
  ]);
});

test('faults outside of a union stay', () => {
  expect(told({ role: 'lab' })).toHaveLength(4);
});

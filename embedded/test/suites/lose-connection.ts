import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, execInContainer, type FarmServer } from '@alfa-cloud/testing';
import { clientDocument, finished, followCreation } from '../support/caller.ts';
import { runSql } from '../support/sql.ts';
import type { World } from '../support/world.ts';
import type { UsedPlace } from './used-place.ts';

/** What only a server over ssh can meet with: its connection is lost under a command that goes on there. */
export const lostConnectionSuite = (place: () => UsedPlace) =>
  describe('a connection that is lost', () => {
    let world: World;
    let machine: FarmServer;
    let id: string;

    beforeAll(async () => {
      const { server } = place();
      ({ world } = place());
      machine = world.place.machine as FarmServer;
      const document = clientDocument(server.id, 'lost', 'alfa/client:foreign');
      const created = await world.call('POST', '/clients/create', document);
      id = created.body.data.id;
      expect((await followCreation(world.call, id)).attributes).toMatchObject({ completed: 'ok' });
    });

    /** Past the connection. */
    const inClient = async (script: string): Promise<string> =>
      (await execInContainer(world.docker.docker, 'alfa-lost', ['sh', '-c', script])).stdout;
    const migrations = async () => (await inClient('cat storage/migrations')).trim().split('\n');
    const attempts = async (operationId: string): Promise<number> => {
      const { attributes } = (await world.call('GET', `/operations/${operationId}`)).body.data;
      return attributes.steps.find(({ name }: { name: string }) => name === 'migrate').attempts;
    };

    test.each<[string, () => Promise<void>, () => Promise<void>]>([
      ['as sshd is killed', () => machine.killSshd(), () => machine.startSshd()],
      ['as the cable is cut', () => machine.cutCable(), () => machine.mendCable()],
    ])(
      'under a migration, %s: it is found at work, waited for, and never runs twice at once',
      async (_how, lose, mend) => {
        await inClient('rm -f storage/migrations; touch storage/hang');
        // What an earlier migration has written, this one could not write again.
        await runSql(world, 'DROP TABLE IF EXISTS alfa_lost.things');
        const answer = await world.call('POST', `/clients/${id}/migrate`);
        const operationId: string = answer.body.data.id;
        await eventually('it is at work', async () => (await migrations()).includes('begun'), {
          timeoutMs: 60_000,
        });
        await lose();
        await eventually(
          'the loss is noticed',
          async () => {
            const { attributes } = (await world.call('GET', `/operations/${operationId}`)).body.data;
            const step = attributes.steps.find(({ name }: { name: string }) => name === 'migrate');
            return step.status === 'retrying' || step.attempts > 1;
          },
          { timeoutMs: 60_000 },
        );
        const before = await attempts(operationId);
        await mend();
        await eventually('it is tried again', async () => (await attempts(operationId)) > before, {
          timeoutMs: 60_000,
        });
        expect(await migrations()).toEqual(['begun']);
        await inClient('rm storage/hang');
        const end = await finished(world.call, operationId, 200_000);
        expect([end.status, end.error]).toEqual(['ok', null]);
        expect(await migrations()).toEqual(['begun', 'ended', 'begun', 'ended']);
      },
      300_000,
    );
  });

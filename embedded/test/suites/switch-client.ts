import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildAnew, eventually } from '@alfa-cloud/testing';
import { factOf, visitAllTheTime, type Visits } from '../support/browser.ts';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  type Operation,
  type Resource,
  type Server,
} from '../support/caller.ts';
import { englishInAnswers } from '../support/english.ts';
import { runSql } from '../support/sql.ts';
import type { World } from '../support/world.ts';
import type { UsedPlace } from './used-place.ts';

/** Images of a client and the migrations that come with them. */
export const imagesSuite = (place: () => UsedPlace) =>
  describe('images and migrations', () => {
    let world: World;
    let server: Server;
    let id: string;
    let address: string;

    beforeAll(async () => {
      ({ world, server } = place());
      const created = await world.call(
        'POST',
        '/clients/create',
        clientDocument(server.id, 'switched', 'alfa/client:1', { demo: true }),
      );
      id = created.body.data.id;
      expect((await followCreation(world.call, id)).attributes.completed).toBe('ok');
      address = (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;
    });

    const client = async () => (await world.call('GET', `/clients/${id}`)).body.data.attributes;
    const version = async () => factOf((await world.visit(address)).text, 'version');
    const containers = async () =>
      (await world.inventory()).containers.filter((name) => name.startsWith('alfa-switched'));

    /** Does something while visitors come all the time. */
    const underVisitors = async (action: () => Promise<Operation>): Promise<[Operation, Visits]> => {
      const visitors = visitAllTheTime(() => world.visit(address));
      try {
        const end = await action();
        return [end, await visitors.stop()];
      } catch (error) {
        await visitors.stop();
        throw error;
      }
    };

    test('switch to a healthy image: not one failed request, one container, the read model tells', async () => {
      const [end, visits] = await underVisitors(() =>
        act(world.call, 'GET', `/clients/${id}/switch?targetImage=alfa/client:2`),
      );
      expect([end.status, end.error]).toEqual(['ok', null]);
      expect(visits.failures).toEqual([]);
      expect(visits.count).toBeGreaterThan(10);
      expect(visits.versions).toEqual(['1', '2']);
      expect(await containers()).toEqual(['alfa-switched']);
      const container = await world.docker.docker.getContainer('alfa-switched').inspect();
      expect(container.Config.Labels['cloud.alfa.image.reference']).toBe('alfa/client:2');
      expect(await client()).toMatchObject({
        image: 'alfa/client:2',
        imageId: container.Image,
        previousImage: { reference: 'alfa/client:1' },
      });
    });

    test.each(['unhealthy', 'broken'])(
      'switch to an image that is %s: the old version answers all the time, the operation tells why',
      async (variant) => {
        const [end, visits] = await underVisitors(() =>
          act(world.call, 'POST', `/clients/${id}/switch?targetImage=alfa/client:${variant}`),
        );
        expect([end.status, end.error?.code]).toEqual(['error', 'rolled_back']);
        expect(end.error?.reason).toMatch(/[Ll]ast lines/);
        if (variant === 'broken') expect(end.error?.reason).toContain('the release is incomplete');
        expect(visits.failures).toEqual([]);
        expect(visits.versions).toEqual(['2']);
        expect(await containers()).toEqual(['alfa-switched']);
        expect(await client()).toMatchObject({
          image: 'alfa/client:2',
          previousImage: { reference: 'alfa/client:1' },
        });
      },
    );

    test('what can be known at once is refused at once', async () => {
      const refusals = await Promise.all(
        ['alfa/client:2', 'alfa/absent:1', 'alfa/mariadb:10.11'].map((image) =>
          world.call('POST', `/clients/${id}/switch?targetImage=${image}`),
        ),
      );
      expect(refusals.map(({ status, body }) => [status, body.errors[0].code])).toEqual([
        [409, 'image_in_use'],
        [422, 'image_not_on_server'],
        [422, 'image_not_on_server'],
      ]);
      expect((await world.call('POST', `/clients/${id}/switch`)).status).toBe(400);
    });

    test('migrate brings the database to the image, with the page open again', async () => {
      const before = Number(factOf((await world.visit(address)).text, 'migrations'));
      const end = await act(world.call, 'GET', `/clients/${id}/migrate`);
      expect([end.status, end.error]).toEqual(['ok', null]);
      const shown = await world.visit(address);
      expect([shown.status, Number(factOf(shown.text, 'migrations'))]).toEqual([200, before + 1]);
      const backups = await world.call('GET', `/clients/${id}/backups`);
      expect(backups.body.data[0].attributes).toMatchObject({ kind: 'migration', storage: null });
    });

    test('rollback runs the image before the last switch', async () => {
      const end = await act(world.call, 'POST', `/clients/${id}/rollback`);
      expect([end.status, await version()]).toEqual(['ok', '1']);
      expect(await client()).toMatchObject({
        image: 'alfa/client:1',
        previousImage: { reference: 'alfa/client:2' },
      });
    });

    test('a failing migration leaves the data as they were and the client open', async () => {
      expect(
        (await act(world.call, 'POST', `/clients/${id}/switch?targetImage=alfa/client:badmigration`)).status,
      ).toBe('ok');
      const before = (await world.visit(address)).text;
      const end = await act(world.call, 'POST', `/clients/${id}/migrate`);
      expect([end.status, end.error?.step]).toEqual(['error', 'migrate']);
      expect(end.error?.reason).toContain('SQLSTATE');
      const after = await world.visit(address);
      expect(after.status).toBe(200);
      for (const fact of ['users', 'patients', 'orders', 'migrations']) {
        expect([fact, factOf(after.text, fact)]).toEqual([fact, factOf(before, fact)]);
      }
      expect(await columnsOf('patients')).not.toContain('half_done');
      expect(await client()).toMatchObject({ maintenance: null });

      const again = await world.call('POST', `/operations/${end.id}/retry`);
      expect(again.status).toBe(202);
      expect((await finished(world.call, again.body.data.id)).error?.step).toBe('migrate');
      expect((await act(world.call, 'POST', `/clients/${id}/rollback`)).status).toBe('ok');
    });

    const columnsOf = async (table: string): Promise<string> => {
      const columns = await runSql(world, `SHOW COLUMNS FROM alfa_switched.${table}`);
      expect(columns).toContain('id');
      return columns;
    };

    test('changed attributes: limits and name in a new container without a gap, further names answer, the rest at once', async () => {
      const change = (attributes: object) =>
        world.call('PATCH', `/clients/${id}`, { data: { type: 'clients', id, attributes } });
      const visitors = visitAllTheTime(() => world.visit(address));
      const changed = await change({
        name: 'Новая лаборатория',
        limits: { memoryMb: 600 },
        aliases: ['lab.switched.example'],
      });
      expect([changed.status, changed.body.data?.attributes ?? changed.text]).toMatchObject([
        200,
        { name: 'Новая лаборатория', limits: { memoryMb: 600, cpus: 1 }, aliases: ['lab.switched.example'] },
      ]);
      const end = await finished(world.call, changed.body.meta.operationId);
      const visits = await visitors.stop();
      expect([end.status, end.error, visits.failures]).toEqual(['ok', null, []]);
      const container = await world.docker.docker.getContainer('alfa-switched').inspect();
      expect(container.HostConfig.Memory).toBe(600 * 1024 * 1024);
      const shown = await world.visit(address, '/', { host: 'lab.switched.example' });
      expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('Новая лаборатория')]);

      const noted = await change({ notes: 'позвонить в понедельник' });
      expect([noted.status, noted.body.data.attributes.notes, noted.body.meta?.operationId]).toEqual([
        200,
        'позвонить в понедельник',
        undefined,
      ]);
      const refused = await change({ ownerPassword: 'never-Here-4711' });
      expect([refused.status, refused.body.errors[0].code, refused.body.errors[0].source]).toEqual([
        422,
        'owner_password_elsewhere',
        { pointer: '/data/attributes/ownerPassword' },
      ]);
      expect(refused.text).not.toContain('never-Here');
    });

    test('a tag that is built anew under a running client: told as outdated, switched to with all, rolled back from to the same id', async () => {
      const targetImage = 'alfa/client:rolling';
      const build = () =>
        buildAnew(world.docker.docker, { repository: 'alfa/client', tag: 'rolling' }, 'alfa/client:2');
      const isOutdated = (expected: boolean) =>
        eventually(`imageOutdated ${expected}`, async () => (await client()).imageOutdated === expected, {
          timeoutMs: 60_000,
        });
      const first = await build();
      expect((await act(world.call, 'POST', `/clients/${id}/switch?targetImage=${targetImage}`)).status).toBe(
        'ok',
      );
      await isOutdated(false);
      const second = await build();
      await isOutdated(true);
      await world.docker.docker.pruneImages({ filters: { dangling: ['true'] } });
      const { body } = await world.call('GET', `/servers/${server.id}/images`);
      const shown = (body.data as Resource[]).filter((image) => [first, second].includes(image.id));
      expect(
        shown.map(({ id: imageId, attributes, relationships }) => [
          imageId,
          attributes['references'],
          relationships?.['clients'],
        ]),
      ).toEqual([
        [second, [targetImage], { data: [] }],
        [first, [], { data: [{ type: 'clients', id }] }],
      ]);
      const all = await act(world.call, 'POST', `/clients/switch_all?targetImage=${targetImage}`);
      expect([all.status, all.error]).toEqual(['ok', null]);
      await isOutdated(false);
      expect(await client()).toMatchObject({
        image: targetImage,
        imageId: second,
        previousImage: { reference: targetImage, id: first },
      });
      expect((await act(world.call, 'POST', `/clients/${id}/rollback`)).status).toBe('ok');
      expect(await client()).toMatchObject({ imageId: first, previousImage: { id: second } });
      expect((await world.docker.docker.getContainer('alfa-switched').inspect()).Image).toBe(first);
      await isOutdated(true);
    }, 240_000);

    test('asked in Russian, everything is told in Russian', async () => {
      expect(await englishInAnswers(world.call, { serverId: server.id, clientId: id })).toEqual([]);
    });
  });

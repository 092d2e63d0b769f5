import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import { factOf } from '../support/browser.ts';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  type Resource,
  type Server,
} from '../support/caller.ts';
import { englishInAnswers } from '../support/english.ts';
import { runSql } from '../support/sql.ts';
import type { World } from '../support/world.ts';
import type { UsedPlace } from './used-place.ts';

/** For changed dates, here and in the suites before. */
const reasonsGiven = [
  'a long contract',
  'while the database is down',
  'paid for another year',
  'test of the block',
];

/** What keeps a client and its data: settings, availability, backups, and its deletion. */
export const keepingSuite = (place: () => UsedPlace) =>
  describe('settings, backups, deletion', () => {
    let world: World;
    let server: Server;
    let id: string;
    let address: string;

    const create = async (slug: string, more: object = {}) => {
      const created = await world.call(
        'POST',
        '/clients/create',
        clientDocument(server.id, slug, world.images.client, more),
      );
      expect((await followCreation(world.call, created.body.data.id)).attributes.completed).toBe('ok');
      return created.body.data.id as string;
    };

    beforeAll(async () => {
      ({ world, server } = place());
      id = await create('kept', { demo: true });
      address = (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;
    });

    const client = async () => (await world.call('GET', `/clients/${id}`)).body.data.attributes;
    const settings = async () => (await world.call('GET', `/clients/${id}/settings`)).body.data.attributes;

    const sql = (statement: string) => runSql(world, statement);

    test('cloud settings: read, changed, and put right when somebody changes them in the database', async () => {
      expect(await settings()).toMatchObject({
        maintenance: false,
        quickStart: true,
        tutorial: true,
        drift: [],
      });
      const changed = await world.call('PATCH', `/clients/${id}/settings`, {
        data: { type: 'cloud-settings', id, attributes: { quickStart: false } },
      });
      expect([200, 202]).toContain(changed.status);
      await eventually('the quick start is off', async () => (await settings()).quickStart === false);
      expect((await world.visit(address)).text).not.toContain('data-notice="quick-start"');
      expect((await world.visit(address)).text).toContain('data-notice="tutorial"');

      await sql("UPDATE alfa_kept.cloud_settings SET tutorial = FALSE, expires_at = '2001-01-01 00:00:00'");
      await eventually('the drift is mended', async () => (await settings()).tutorial === true);
      expect((await world.visit(address)).status).toBe(200);
      const history = await world.call(
        'GET',
        `/clients/${id}/history?filter[kind]=ClientCloudSettingsMended`,
      );
      expect(history.body.data.length).toBeGreaterThan(0);

      const refused = await world.call('PATCH', `/clients/${id}/settings`, {
        data: { type: 'cloud-settings', id, attributes: { maintenance: true } },
      });
      expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'set_elsewhere']);
    });

    test('a changed date reaches a database that was down, once it is back', async () => {
      await world.docker.docker.getContainer('alfa-database').stop({ t: 1 });
      const far = `${new Date().getUTCFullYear() + 2}-06-30`;
      const changed = await world.call('PUT', `/clients/${id}/expire_date`, {
        data: { type: 'clients', id, attributes: { expireDate: far, reason: 'while the database is down' } },
      });
      expect([changed.status, changed.body.data.attributes.expireDate]).toEqual([200, far]);
      await world.docker.docker.getContainer('alfa-database').start();
      await eventually(
        'the date is in the database',
        async () => (await settings()).expiresAt?.startsWith(far),
        {
          timeoutMs: 90_000,
        },
      );
    });

    test("the container's output can be read", async () => {
      await act(world.call, 'POST', `/clients/${id}/reboot`);
      const logs = await world.call('GET', `/clients/${id}/logs?tail=5`);
      expect([logs.status, logs.body.data?.type ?? logs.text]).toEqual([200, 'container-logs']);
      expect(logs.body.data.attributes.lines.length).toBeLessThanOrEqual(5);
    });

    test('availability follows the container and the engine, and each transition is told once', async () => {
      const becomes = (available: boolean | null) =>
        eventually(`available becomes ${available}`, async () => (await client()).available === available, {
          timeoutMs: 60_000,
        });
      await becomes(true);
      const told = async () => {
        const { body } = await world.call(
          'GET',
          `/clients/${id}/history?filter[kind]=ClientAvailabilityChanged&page[size]=100`,
        );
        return (body.data as Resource[]).map(({ attributes }) => attributes['summary']);
      };
      const before = (await told()).length;
      const container = world.docker.docker.getContainer('alfa-kept');
      await container.stop({ t: 1 });
      await becomes(false);
      expect((await client()).unavailableReason).toEqual(expect.stringMatching(/\w/));
      await container.start();
      await becomes(true);
      const summaries = await told();
      expect(summaries.length - before).toBeGreaterThanOrEqual(2);
      // Whatever else a busy machine has led to: nothing is told twice in a row.
      expect(summaries.filter((summary, index) => summary === summaries[index + 1])).toEqual([]);
    });

    let backupId: string;

    test('a backup is made and verified, and brings back what was lost', async () => {
      const made = await act(world.call, 'POST', `/clients/${id}/backups`);
      expect([made.status, made.error]).toEqual(['ok', null]);
      const [backup] = (await world.call('GET', `/clients/${id}/backups`)).body.data;
      expect(backup).toMatchObject({
        type: 'backups',
        attributes: {
          kind: 'manual',
          database: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), tables: expect.any(Number) },
          storage: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      });
      backupId = backup.id;
      const before = (await world.visit(address)).text;
      expect(Number(factOf(before, 'patients'))).toBeGreaterThan(0);
      await sql('SET FOREIGN_KEY_CHECKS = 0; DELETE FROM alfa_kept.orders; DELETE FROM alfa_kept.patients');
      expect(factOf((await world.visit(address)).text, 'patients')).toBe('0');

      const body = (attributes: object) => ({ data: { type: 'restorations', attributes } });
      const unsure = await world.call('POST', `/clients/${id}/restore`, body({ backupId }));
      expect([unsure.status, unsure.body.errors[0].code]).toEqual([422, 'confirmation_required']);
      const restored = await act(
        world.call,
        'POST',
        `/clients/${id}/restore`,
        body({ backupId, confirm: true }),
      );
      expect([restored.status, restored.error]).toEqual(['ok', null]);
      const after = (await world.visit(address)).text;
      for (const fact of ['patients', 'orders', 'users', 'installation']) {
        expect([fact, factOf(after, fact)]).toEqual([fact, factOf(before, fact)]);
      }
      expect((await settings()).drift).toEqual([]);
    });

    /** Has the slug after the deletion. */
    let nextId: string;

    test('a client is deleted only by who writes its slug; then nothing is left but its history and its last backup', async () => {
      const unsure = await world.call('DELETE', `/clients/${id}`);
      expect([unsure.status, unsure.body.errors[0].code]).toEqual([422, 'confirmation_required']);
      expect((await world.call('DELETE', `/servers/${server.id}`)).body.errors[0].code).toBe(
        'server_has_clients',
      );
      const before = (await world.call('GET', `/clients/${id}`)).body.data.attributes;

      const answer = await world.call('DELETE', `/clients/${id}?confirm=kept`);
      expect(answer.status).toBe(202);
      const end = await finished(world.call, answer.body.data.id);
      expect([end.status, end.error]).toEqual(['ok', null]);

      const left = await world.inventory();
      for (const names of Object.values(left) as (string[] | null)[])
        expect((names ?? []).filter((name) => name.includes('kept'))).toEqual([]);
      const gone = await world.call('GET', `/clients/${id}`);
      expect([gone.status, gone.body.errors[0].code]).toEqual([410, 'gone']);
      expect((await world.call('GET', '/clients?filter[search]=kept')).body.meta.total).toBe(0);
      const history = await world.call('GET', `/clients/${id}/history?page[size]=100&filter[events]=all`);
      expect(history.status).toBe(200);
      expect(history.body.data.map(({ attributes }: Resource) => attributes['kind'])).toContain(
        'ClientDeleted',
      );
      expect(history.text).not.toMatch(/owner@kept|Лаборатория/);
      const backups = (await world.call('GET', `/clients/${id}/backups`)).body.data;
      expect(backups[0].attributes).toMatchObject({ kind: 'final' });
      const past = await world.call('GET', `/clients/${id}?asOf=${before.updatedAt}`);
      expect([past.status, past.body.data?.attributes ?? past.text]).toMatchObject([
        200,
        { slug: 'kept', name: null, email: null },
      ]);

      // Its slug is free again, and its last backup fills a new client.
      nextId = await create('kept');
      const restored = await act(world.call, 'POST', `/clients/${nextId}/restore`, {
        data: { type: 'restorations', attributes: { backupId: backups[0].id, confirm: true } },
      });
      expect([restored.status, restored.error]).toEqual(['ok', null]);
      expect(Number(factOf((await world.visit(address)).text, 'patients'))).toBeGreaterThan(0);
    }, 240_000);

    test('a client as it was at a moment of the past', async () => {
      const before = (await world.call('GET', `/clients/${nextId}`)).body.data.attributes;
      await world.call('PUT', `/clients/${nextId}/expire_date`, {
        data: {
          type: 'clients',
          id: nextId,
          attributes: { expireDate: '2099-12-31', reason: 'a long contract' },
        },
      });
      const now = (await world.call('GET', `/clients/${nextId}`)).body.data.attributes;
      const then = (await world.call('GET', `/clients/${nextId}?asOf=${before.updatedAt}`)).body.data
        .attributes;
      expect([now.expireDate, then.expireDate]).toEqual(['2099-12-31', before.expireDate]);
      expect((await world.call('GET', `/clients/${nextId}?asOf=2001-01-01T00:00:00Z`)).status).toBe(404);
    });

    test('asked in Russian, everything is told in Russian', async () => {
      expect(
        await englishInAnswers(world.call, { serverId: server.id, clientId: id, written: reasonsGiven }),
      ).toEqual([]);
    });
  });

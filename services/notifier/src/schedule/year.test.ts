import { streams } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { createOutbox } from '../outbox/outbox.ts';
import { clientIdOf, createRig } from '../testing/rig.ts';
import { localTime, plusDays } from './days.ts';
import { createSchedule } from './schedule.ts';

const { signal } = new AbortController();
const hourMs = 3_600_000;
const thresholdsDays = [30, 14, 7, 3, 1, 0];

/** The day on which clocks go forward, when there is no 02:30; on the other one it comes twice. */
const years = [
  { timeZone: 'Europe/Berlin', forward: '2027-03-28', back: '2027-10-31' },
  { timeZone: 'America/New_York', forward: '2027-03-14', back: '2027-11-07' },
];

test.each(years)(
  'over a year in $timeZone exactly the warnings that are to be sent arrive, whatever restarts and replicas there are',
  async ({ timeZone, forward, back }) => {
    const rules = { thresholdsDays, at: '02:30', timeZone };
    const rig = createRig();
    rig.setTime('2027-01-01T12:00:00Z');
    // Warnings on the days on which the clocks change, the days around them, and through the whole year.
    const around = [forward, back].flatMap((day) =>
      [0, 1, 3, 7, 14, 30, 31].map((days) => plusDays(day, days)),
    );
    const through = Array.from({ length: 12 }, (_, month) => plusDays('2027-01-20', month * 29));
    const dates = [...new Set([...around, ...through])].filter((day) => day < '2028-01-01');
    for (const expireDate of dates) await rig.addClient({ slug: `ends-${expireDate}`, expireDate });
    await rig.addClient({ slug: 'prolonged', expireDate: '2027-06-30' });

    const deps = rig.with({ rules });
    const outbox = createOutbox(deps, { parallel: 2 });
    const replicas = [createSchedule(deps, rules), createSchedule(deps, rules)];
    const arrived: string[] = [];
    let requested = 0;
    for (
      let at = Date.parse('2027-01-01T12:00:00Z');
      at < Date.parse('2028-01-01T12:00:00Z');
      at += hourMs / 2
    ) {
      const now = new Date(at);
      rig.setTime(at);
      if (now.toISOString().startsWith('2027-06-20T12:00')) await prolong(rig);
      // One of them starts anew each noon and forgets what it has looked at.
      if (now.toISOString().includes('T12:00')) replicas[0] = createSchedule(deps, rules);
      await Promise.all(replicas.map((schedule) => schedule.look(signal)));
      const all = rig.store.all().filter(({ type }) => type === 'MailRequested').length;
      if (all === requested) continue;
      requested = all;
      await outbox.look(signal);
      const { day, time } = localTime(timeZone, now);
      for (const { to } of rig.box.splice(0)) arrived.push(`${to.address} ${day} ${time}`);
    }

    const warned = (slug: string, expireDate: string, days = thresholdsDays): string[] =>
      days
        .map((threshold) => plusDays(expireDate, -threshold))
        // The day on which the date was set does not count.
        .filter((day) => day > '2027-01-01')
        .map((day) => `${slug}@lab.test ${day} ${day === forward ? '03:00' : '02:30'}`);
    const expected = [
      ...dates.flatMap((expireDate) => warned(`ends-${expireDate}`, expireDate)),
      ...warned('prolonged', '2027-06-30', [30, 14]),
      ...warned('prolonged', '2027-12-15'),
    ];
    expect(arrived.toSorted((a, b) => a.localeCompare(b))).toEqual(
      expected.toSorted((a, b) => a.localeCompare(b)),
    );
    for (const day of [forward, back]) expect(arrived.some((line) => line.includes(day))).toBe(true);
  },
  120_000,
);

const prolong = (rig: ReturnType<typeof createRig>): Promise<void> => {
  const clientId = clientIdOf('prolonged');
  const data = { clientId, operationId: clientId, from: '2027-06-30', to: '2027-12-15', reason: 'Paid' };
  return rig.happens(streams.client(clientId), { type: 'ClientExpireDateChanged', data });
};

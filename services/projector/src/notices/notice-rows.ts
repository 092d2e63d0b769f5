import type { NoticeView } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** Rows of notices for the projections. Few enough to be written at once. */
export interface NoticeRows {
  notice(id: string): NoticeView | null;
  setNotice(notice: NoticeView): void;
}

export const noticeRows = (database: DatabaseSync): NoticeRows => {
  const load = database.prepare('SELECT view FROM notices WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO notices (id, recipient_id, status, due_at, view) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, due_at = excluded.due_at, view = excluded.view`,
  );
  return {
    notice(id) {
      const row = load.get(id);
      return row === undefined ? null : (JSON.parse(String(row['view'])) as NoticeView);
    },
    setNotice(notice) {
      write.run(notice.id, notice.recipient.id, notice.status, notice.dueAt, JSON.stringify(notice));
    },
  };
};

import type { MailView } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';
import type { StoredMail } from './project-mail.ts';

/** Rows of mails for the projections, in the order in which they were first told of. Few enough to be written at once. */
export interface MailRows {
  mail(id: string): StoredMail | null;
  setMail(mail: StoredMail): void;
  /** No mail that is only wanted is due any more. */
  forgetWantedMails(clientId: string): void;
}

export const mailRows = (database: DatabaseSync): MailRows => {
  const load = database.prepare('SELECT wanted, view FROM mails WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO mails (id, client_id, template, origin, status, due_at, wanted, view) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, due_at = excluded.due_at, wanted = excluded.wanted,
       view = excluded.view`,
  );
  const forget = database.prepare('DELETE FROM mails WHERE client_id = ? AND wanted = 1');
  return {
    mail(id) {
      const row = load.get(id);
      if (row === undefined) return null;
      return { wanted: row['wanted'] === 1, view: JSON.parse(String(row['view'])) as MailView };
    },
    setMail({ wanted, view }) {
      const { id, clientId, template, origin, status, dueAt } = view;
      write.run(id, clientId, template, origin, status, dueAt, Number(wanted), JSON.stringify(view));
    },
    forgetWantedMails: (clientId) => void forget.run(clientId),
  };
};

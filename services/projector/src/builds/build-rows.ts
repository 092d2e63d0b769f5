import type { BuildView } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** Rows of builds for the projections, in the order in which they began. Few enough to be written at once. */
export interface BuildRows {
  build(id: string): BuildView | null;
  setBuild(build: BuildView): void;
}

export const buildRows = (database: DatabaseSync): BuildRows => {
  const load = database.prepare('SELECT view FROM builds WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO builds (id, role, status, commit_sha, made_image, view) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, commit_sha = excluded.commit_sha,
       made_image = excluded.made_image, view = excluded.view`,
  );
  return {
    build(id) {
      const row = load.get(id);
      return row === undefined ? null : (JSON.parse(String(row['view'])) as BuildView);
    },
    setBuild(view) {
      const { id, role, status, commit, imageId, reusedFrom } = view;
      const madeImage = reusedFrom === null ? imageId : null;
      write.run(id, role, status, commit?.sha ?? null, madeImage, JSON.stringify(view));
    },
  };
};

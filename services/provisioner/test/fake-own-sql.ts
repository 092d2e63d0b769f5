import type { ExecResult } from '@alfa-cloud/cloud-server';
import type { FakeDatabase } from './fake-laboratory.ts';

/** Lets an account in by its password, and to its own database alone. A table of the content is a word in it. */
export const ownSql = (
  database: Pick<FakeDatabase, 'users' | 'content' | 'ownSql'>,
  argv: readonly string[],
  stdin: string,
): Partial<ExecResult> => {
  const [, , , , name = '', account = ''] = argv;
  const [password = '', ...lines] = stdin.split('\n');
  const sql = lines.join('\n');
  if (database.users.get(account) !== password || account !== name) {
    return { exitCode: 1, stderr: `ERROR 1045 (28000): Access denied for user '${account}'` };
  }
  database.ownSql.push({ database: name, account, sql });
  if (sql.includes('REFUSED')) return { exitCode: 1, stderr: `ERROR 1064 (42000) at line 1: near '${sql}'` };
  const emptied = [...sql.matchAll(/DELETE FROM `(\w+)`/g)].map(([, table = '']) => table);
  const words = (database.content.get(name) ?? '').split(' ').filter((word) => !emptied.includes(word));
  const [, masked] = /^MASK (\w+)/m.exec(sql) ?? [];
  database.content.set(name, words.filter((word) => word !== masked).join(' '));
  return {};
};

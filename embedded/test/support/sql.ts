import { execInContainer } from '@alfa-cloud/testing';
import type { World } from './world.ts';

const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '--batch', '--skip-column-names'];

/** Runs SQL in the database of the server, as an administrator of the machine could. @throws Error with the database's own words */
export const runSql = async ({ docker }: World, statement: string): Promise<string> => {
  const { code, stdout, stderr } = await execInContainer(docker.docker, 'alfa-database', argv, statement);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};

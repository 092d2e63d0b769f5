import { appendFile } from 'node:fs/promises';

export interface Aim {
  name: string;
  value: number;
  /** In words, e.g. `≥ 4`. */
  aim: string;
  met: boolean;
}

const round = (value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/**
 * Prints a benchmark's table and how it stands to its aims; with `--json FILE` also appends one JSON line to the file.
 * Rows may differ in their columns.
 */
export const report = async (
  name: string,
  title: string,
  rows: readonly object[],
  aims: readonly Aim[],
): Promise<void> => {
  const rounded = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, round(value)])),
  );
  process.stdout.write(`\n${title}\n`);
  console.table(rounded);
  for (const aim of aims) {
    process.stdout.write(
      `${aim.met ? 'met   ' : 'MISSED'} ${aim.name}: ${String(round(aim.value))} (aim ${aim.aim})\n`,
    );
  }
  const flag = process.argv.indexOf('--json');
  const file = flag === -1 ? undefined : process.argv[flag + 1];
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ name, rows: rounded, aims })}\n`);
};

/** Connection lost, or the server is shutting down. Only `hasAnsweredSince` tells whether the server is away. */
const lostCodes: ReadonlySet<number> = new Set([1053, 2006, 2013, 2026]);

/** Nobody takes connections. A server that is starting counts its uptime before it takes any, so that says nothing here. */
const awayCodes: ReadonlySet<number> = new Set([2002, 2003]);

/** The server answers and can't do it now: too many connections, lock timeout, deadlock, tables changed under a snapshot. */
const busyCodes: ReadonlySet<number> = new Set([1040, 1205, 1213, 1412]);

/** What the errors of the command-line clients say about the connection. `away`: it was never made. */
export type ConnectionTrouble = 'away' | 'lost' | 'busy' | null;

/** Messages of the clients themselves, at the beginning of a line: data and names that they quote may say anything. */
const messages = [
  /^ERROR (\d+)\b/gm,
  /^(?:mariadb-dump|mysqldump): (?:Got error: |Error )(\d+)\b/gim,
  /^(?:mariadb-dump|mysqldump): Couldn't execute .*\((\d+)\)$/gim,
];

/** @param output of `mariadb` and `mariadb-dump` */
export const connectionTrouble = (output: string): ConnectionTrouble => {
  const codes = messages.flatMap((message) => [...output.matchAll(message)].map(([, code]) => Number(code)));
  if (codes.some((code) => busyCodes.has(code))) return 'busy';
  // Who tries again after a loss may find nobody: then the loss is the cause.
  if (codes.some((code) => lostCodes.has(code))) return 'lost';
  return codes.some((code) => awayCodes.has(code)) ? 'away' : null;
};

/** How a value of a result or of parameters is shown. */
export type Fact =
  | { name: string; as: 'text' | 'moment' | 'address'; text: string }
  | { name: string; as: 'bytes' | 'rate' | 'duration' | 'number'; value: number }
  | { name: string; as: 'answer'; isYes: boolean }
  | { name: string; as: 'target'; type: 'clients' | 'servers' | 'operations'; id: string }
  | { name: string; as: 'lines'; lines: readonly string[] };

const servers = new Set(['from', 'to', 'serverId', 'targetServer']);
const clients = new Set(['clientId', 'sourceClientId', 'copyOf']);
/** Told as a number: the clients themselves are listed by their results. */
const counted = new Set(['clientIds']);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One thing of a list in a line: its name, and what is said of it. */
const lineOf = (value: unknown): string => {
  if (!isRecord(value)) return String(value);
  const { name, slug, clientId, serverId, outcome, reason, code } = value;
  const title = [name, slug, clientId, serverId].find((one) => typeof one === 'string');
  const said = [reason, code, outcome].find((one) => typeof one === 'string');
  if (title === undefined && said === undefined) return JSON.stringify(value);
  return [title, said].filter((part) => part !== undefined).join(': ');
};

const factOf = (name: string, value: unknown): Fact | null => {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return { name, as: 'answer', isYes: value };
  if (typeof value === 'number') {
    if (name === 'bytesPerSecond') return { name, as: 'rate', value };
    if (/bytes$/i.test(name)) return { name, as: 'bytes', value };
    if (name.endsWith('Ms')) return { name, as: 'duration', value };
    return { name, as: 'number', value };
  }
  if (typeof value === 'string') {
    if (clients.has(name)) return { name, as: 'target', type: 'clients', id: value };
    if (servers.has(name)) return { name, as: 'target', type: 'servers', id: value };
    if (name === 'operationId') return { name, as: 'target', type: 'operations', id: value };
    if (/^https?:\/\//.test(value)) return { name, as: 'address', text: value };
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return { name, as: 'moment', text: value };
    return { name, as: 'text', text: value };
  }
  if (Array.isArray(value) && counted.has(name)) return { name, as: 'number', value: value.length };
  if (Array.isArray(value))
    return value.length === 0 ? null : { name, as: 'lines', lines: value.map(lineOf) };
  return { name, as: 'lines', lines: [lineOf(value)] };
};

/** A result, or what was asked for, as facts to be shown; what is empty is left out. */
export const factsOf = (record: Record<string, unknown>): readonly Fact[] =>
  Object.entries(record)
    .map(([name, value]) => factOf(name, value))
    .filter((fact) => fact !== null);

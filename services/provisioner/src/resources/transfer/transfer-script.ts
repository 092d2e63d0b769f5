import { message, type Message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { scriptFailure } from '../../on-server/database-script.ts';
import { final } from '../../on-server/failures.ts';
import { insideContainers } from '../../on-server/names.ts';
import { parseFacts, scriptArgv, scriptExit, type Script } from '../backup/scripts/script.ts';
import { runBetween, type Joined, type Side } from './between.ts';

/** Longest time of one script of a transfer, ms; the step that runs it may have a shorter deadline. */
export const scriptMs = 6 * 3_600_000;

export const transferCodes: Readonly<Record<number, string>> = {
  [scriptExit.damaged]: 'transfer_cut',
  [scriptExit.differs]: 'transfer_differs',
};

/** What the step of an operation gives to a transfer. */
export interface TransferIo extends Pick<StepIo, 'signal'> {
  /** The source serves meanwhile. Default false. */
  lowPriority?: boolean | undefined;
  /** Told how many bytes there are, where that is known before. */
  onTotal?: ((bytes: number) => void) | undefined;
  /** Bytes of the part at hand that have passed so far. */
  onProgress?: ((bytes: number) => void) | undefined;
}

/** The failure that a script's end stands for; none for exit code 0. */
export const assertEnded = (
  what: Message,
  result: { exitCode: number; stderr: string; stdout?: string },
  redact: (text: string) => string,
): void => {
  if (result.exitCode === 0) return;
  const run = { what, failureCode: 'transfer_failed', codes: transferCodes, redact, deadlineMs: scriptMs };
  throw scriptFailure(run, { stdout: '', ...result });
};

/** A script that sees the client's volume. @param words its parameters after the directory */
export const storageSide = (client: ClientOnServer, script: Script, words: readonly string[] = []): Side => ({
  cloud: client.cloud,
  container: client.names.transferContainer,
  argv: scriptArgv(script, [insideContainers.storage, ...words]),
});

/** Runs a script in the client's container of the transfer. @returns its output */
export const runOnStorage = async (
  client: ClientOnServer,
  what: Message,
  side: Side,
  { signal }: TransferIo,
): Promise<string> => {
  const { argv, container } = side;
  const result = await side.cloud.docker.exec(container, { argv }, { signal, deadlineMs: scriptMs });
  assertEnded(what, result, client.redact);
  return result.stdout;
};

/** Joins two scripts, both of which have to end well. @returns what the second one prints */
export const joinStorages = async (
  what: Message,
  [from, source]: readonly [ClientOnServer, Side],
  [to, sink]: readonly [ClientOnServer, Side],
  { signal, onProgress, lowPriority }: TransferIo,
): Promise<string> => {
  const joined = await runBetween(source, sink, { signal, onProgress, lowPriority, deadlineMs: scriptMs });
  assertJoined(what, joined, from, to);
  return joined.sink.stdout;
};

/** The first of the two is the cause: the other one could not go on without it. */
export const assertJoined = (
  what: Message,
  { source, sink }: Joined,
  from: Pick<ClientOnServer, 'redact' | 'server'>,
  to: Pick<ClientOnServer, 'redact' | 'server'>,
): void => {
  if (source !== null) assertEnded(message`${what}, on server ${from.server.name}`, source, from.redact);
  assertEnded(message`${what}, on server ${to.server.name}`, sink, to.redact);
};

/** Numbers among the facts that a script has printed last. @throws StepFailure when one is missing */
export const numbersOf = <Name extends string>(
  what: Message,
  output: string,
  names: readonly Name[],
): Record<Name, number> => {
  const facts = parseFacts(output);
  const numbers = names.map((name) => [name, Number(facts?.[name] ?? Number.NaN)] as const);
  if (numbers.some(([, value]) => !Number.isSafeInteger(value))) {
    throw final('transfer_failed', message`${what} did not say what it has done`);
  }
  return Object.fromEntries(numbers) as Record<Name, number>;
};

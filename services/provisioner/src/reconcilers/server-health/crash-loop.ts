import { message, type Message } from '@alfa-cloud/contracts';
import { isCloudServerError, type CallOptions, type ContainerState } from '@alfa-cloud/cloud-server';
import { lastLinesOf, withLastLines } from '@alfa-cloud/operations';
import { serverNames } from '../../on-server/names.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import { finding, type Finding } from './finding.ts';

/** The container stopped between its inspection and the command in it. */
export const isNotRunning = (error: unknown): boolean =>
  isCloudServerError(error) && error.code === 'not_running';

/** How often Docker has restarted a container, as one look has seen it. */
export type Restarts = Pick<ContainerState, 'id' | 'restartCount'>;

/**
 * Docker has restarted the container since the earlier look, so it ends whenever it is started, although it may run at the moment of each look.
 * A start by hand does not count: it sets Docker's counter back.
 */
export const hasEndedSince = (earlier: Restarts | undefined, now: Restarts): boolean =>
  earlier !== undefined && earlier.id === now.id && now.restartCount > earlier.restartCount;

export const endsAgainAndAgain = (name: string): Message =>
  message`Container ${name} ends whenever it is started`;

const linesMax = 20;
/** Lines that a process writes before Docker has noted its start belong to it, too; ms. */
const startMs = 1000;
/** Docker's longest pause before a restart; the newest run may not have written anything yet. ms. */
const restartPauseMs = 60_000;

/** That a container of the server has ended, with the last lines of its last run, and of the proxy that nginx refuses its files, if it says so. */
export const endFindings = async (
  { cloud, redact }: Pick<Preparation, 'cloud' | 'redact'>,
  name: string,
  sentence: Message,
  options: CallOptions,
): Promise<Finding[]> => {
  const state = await cloud.docker.container(name, options);
  const output = state === null ? '' : redact(await outputOf(cloud, state, options));
  const ended = (words: Message) => finding('container_not_running', name, words, { isDown: true });
  const complaints = name === serverNames.proxy ? refusalIn(output) : '';
  if (complaints !== '') return [ended(sentence), configurationRefused(complaints)];
  return [ended(output === '' ? sentence : withLastLines(sentence, message`its output`, output))];
};

/** What it has written since it was started, and where Docker has restarted it in the run before as well. */
const outputOf = async (
  { docker }: Preparation['cloud'],
  { name, startedAt, restartCount }: ContainerState,
  options: CallOptions,
): Promise<string> => {
  const since = Date.parse(startedAt) - startMs - (restartCount > 0 ? restartPauseMs : 0);
  const after = Number.isNaN(since) ? {} : { after: new Date(since).toISOString() };
  const lines = await docker.outputLines(name, { tail: linesMax, ...after }, options);
  return [...new Set((lines ?? []).map(({ text }) => text))].join('\n');
};

export const configurationRefused = (complaints: string): Finding =>
  finding(
    'proxy_configuration_refused',
    serverNames.proxy,
    message`nginx would not start again: ${lastLinesOf(complaints)}`,
  );

/** What nginx complains of when it checks its files. */
export const complaintsIn = (output: string): string => messagesIn(output, /\[(?:emerg|alert|crit|error)\]/);

/** What kept nginx from starting; its other messages are about requests. */
const refusalIn = (output: string): string => messagesIn(output, /\[emerg\]/);

/** Without times and process numbers: the same fault is always the same words. */
const messagesIn = (output: string, level: RegExp): string => {
  const messages = output
    .split('\n')
    .filter((line) => level.test(line))
    .map((line) => line.replace(/^.*?\[[a-z]+\]\s*(?:\d+#\d+:\s*)?/, ''));
  return [...new Set(messages)].join('\n');
};

import { message, joined, type Message } from '@alfa-cloud/contracts';
import type { CallOptions, ContainerDifference, ContainerState } from '@alfa-cloud/cloud-server';
import type { ServerContainer } from '../../resources/server/server-container.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import { endFindings, endsAgainAndAgain, hasEndedSince, isNotRunning, type Restarts } from './crash-loop.ts';
import { finding, type Finding } from './finding.ts';

export interface LookAtContainer {
  isRunning: boolean;
  findings: Finding[];
  /** For the next look; absent: there is no container of ours. */
  restarts?: Restarts;
}

/**
 * Compares one of the server's own containers with the one that a preparation would make.
 * @param earlier what the look before has told
 */
export const lookAtContainer = async (
  preparation: Preparation,
  container: ServerContainer,
  earlier: Restarts | undefined,
  options: CallOptions,
): Promise<LookAtContainer> => {
  const { name } = container;
  const found = await container.inspect(options);
  if (found === null) {
    const words = message`Container ${name} is not there`;
    return { isRunning: false, findings: [finding('container_missing', name, words, { isDown: true })] };
  }
  const { state, isForeign, detached, others } = found;
  if (isForeign) {
    const words = message`Container ${name} was not made by Alfa Cloud for this server`;
    return { isRunning: false, findings: [finding('container_foreign', name, words, { isDown: true })] };
  }
  const findings = [
    ...detached.map(({ detail }) =>
      finding('container_detached', name, message`Container ${name} is ${detail}`),
    ),
    ...(others.length === 0 ? [] : [finding('container_differs', name, inWords(name, others))]),
  ];
  const { id, restartCount } = state;
  const restarts = { id, restartCount };
  const ended = async (sentence: Message): Promise<LookAtContainer> => {
    const ends = await endFindings(preparation, name, sentence, options);
    return { isRunning: false, restarts, findings: [...ends, ...findings] };
  };
  if (state.status !== 'running') return ended(statusInWords(name, state));
  if (hasEndedSince(earlier, state)) return ended(endsAgainAndAgain(name));
  try {
    const lost = await container.lostMounts(options);
    return {
      isRunning: true,
      restarts,
      findings: [...findings, ...lost.map((path) => mountLost(name, path))],
    };
  } catch (error) {
    if (!isNotRunning(error)) throw error;
    return ended(endsAgainAndAgain(name));
  }
};

const mountLost = (name: string, path: string): Finding => {
  const words = message`Container ${name} sees directory ${path} no longer, which was made anew. POST /servers/{id}/prepare makes the container anew`;
  return finding('mount_lost', name, words);
};

/** Names the first few, so that the reason stays readable. */
const wordsMax = 5;

const inWords = (name: string, differences: readonly ContainerDifference[]): Message => {
  const first = joined(
    differences.slice(0, wordsMax).map(({ detail }) => detail),
    ', ',
  );
  const more = differences.length - wordsMax;
  const all = more > 0 ? message`${first}, and ${more} more` : first;
  return message`Container ${name} is not as it should be: ${all}. POST /servers/{id}/prepare makes the container anew`;
};

const statusInWords = (name: string, { status, exitCode, outOfMemory }: ContainerState): Message => {
  if (outOfMemory) return message`Container ${name} ran out of memory`;
  if (status === 'exited' || status === 'dead') {
    return message`Container ${name} has ended with exit code ${exitCode}`;
  }
  if (status === 'restarting') return endsAgainAndAgain(name);
  return message`Container ${name} is ${status}`;
};

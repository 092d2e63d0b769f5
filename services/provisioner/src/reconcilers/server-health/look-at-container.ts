import type { ContainerDifference, ContainerState } from '@alfa-cloud/cloud-server';
import type { ServerContainer } from '../../resources/server/server-container.ts';
import { endsAgainAndAgain, isNotRunning } from './crash-loop.ts';
import { finding, type Finding } from './finding.ts';

/** Compares one of the server's own containers with the one that a preparation would make. */
export const lookAtContainer = async (
  container: ServerContainer,
  signal: AbortSignal,
): Promise<{ isRunning: boolean; findings: Finding[] }> => {
  const { name } = container;
  const found = await container.inspect({ signal });
  if (found === null) {
    const words = `Container ${name} is not there`;
    return { isRunning: false, findings: [finding('container_missing', name, words, { isDown: true })] };
  }
  const { state, isForeign, detached, others } = found;
  if (isForeign) {
    const words = `Container ${name} was not made by Alfa Cloud for this server`;
    return { isRunning: false, findings: [finding('container_foreign', name, words, { isDown: true })] };
  }
  const findings = [
    ...detached.map(({ detail }) => finding('container_detached', name, `Container ${name} is ${detail}`)),
    ...(others.length === 0 ? [] : [finding('container_differs', name, inWords(name, others))]),
  ];
  if (state.status !== 'running') {
    const words = `Container ${name} ${statusInWords(state)}`;
    const stopped = finding('container_not_running', name, words, { isDown: true });
    return { isRunning: false, findings: [stopped, ...findings] };
  }
  try {
    const lost = await container.lostMounts({ signal });
    return { isRunning: true, findings: [...findings, ...lost.map((path) => mountLost(name, path))] };
  } catch (error) {
    if (!isNotRunning(error)) throw error;
    return { isRunning: false, findings: [endsAgainAndAgain(name), ...findings] };
  }
};

const cure = 'POST /servers/{id}/prepare makes the container anew';

const mountLost = (name: string, path: string): Finding => {
  const words = `Container ${name} sees directory ${path} no longer, which was made anew. ${cure}`;
  return finding('mount_lost', name, words);
};

/** Names the first few, so that the reason stays readable. */
const wordsMax = 5;

const inWords = (name: string, differences: readonly ContainerDifference[]): string => {
  const details = differences.slice(0, wordsMax).map(({ detail }) => detail);
  const more = differences.length > wordsMax ? `, and ${differences.length - wordsMax} more` : '';
  return `Container ${name} is not as it should be: ${details.join(', ')}${more}. ${cure}`;
};

const statusInWords = ({ status, exitCode, outOfMemory }: ContainerState): string => {
  if (outOfMemory) return 'ran out of memory';
  if (status === 'exited' || status === 'dead') return `has ended with exit code ${exitCode}`;
  if (status === 'restarting') return 'ends whenever it is started';
  return `is ${status}`;
};

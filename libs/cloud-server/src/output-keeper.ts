import type { ExecRequest, ExecResult } from './docker/docker-engine.ts';

const defaultOutputMax = 65_536;

/** Passes on what a command says, and keeps the end of it. */
export const outputKeeper = ({
  onOutput,
  outputMax = defaultOutputMax,
}: Pick<ExecRequest, 'onOutput' | 'outputMax'>) => {
  const kept = { stdout: '', stderr: '' };
  let truncated = false;
  return {
    write(stream: 'stdout' | 'stderr', text: string): void {
      onOutput?.(text);
      const all = kept[stream] + text;
      truncated ||= all.length > outputMax;
      kept[stream] = all.slice(-outputMax);
    },
    result: (): Omit<ExecResult, 'exitCode'> => ({ ...kept, truncated }),
  };
};

/** What the engine has told of a build. */
export interface BuildOutcome {
  /** The engine's sentence of failure; null: none came. */
  failure: string | null;
  /** Docker's id of the image; null: none was told, so the build has not come to its end. */
  imageId: string | null;
  /** Ids of images that this build has made step by step, oldest first: of a build that fails, they are left without a name. */
  stages: readonly string[];
}

/**
 * Ids (12 digits) of images that builds have made step by step, by the text of their output, oldest first: of one whose reader was killed nothing else
 * is known.
 */
export const stagesIn = (output: string): string[] => {
  const stages = createStageReader();
  for (const line of output.split('\n')) stages.take(line);
  return stages.made;
};

/** Reads the engine's answer to a build. */
export interface BuildOutputReader {
  write(chunk: Buffer | string): void;
  end(): BuildOutcome;
}

/** A longer line is no message of the engine. */
const lineMax = 1_000_000;
const stagesMax = 1000;

/**
 * The engine answers 200 at once. What comes then are lines of JSON: output, progress of pulls, the image, or an error that ends it.
 * @param onOutput told the text of the output as it comes
 */
export const createBuildOutputReader = (onOutput: (text: string) => void): BuildOutputReader => {
  const decoder = new TextDecoder();
  const stages = createStageReader();
  let rest = '';
  let failure: string | null = null;
  let imageId: string | null = null;

  const take = (line: string): void => {
    const told = parsed(line);
    if (told === null) return;
    if (typeof told.stream === 'string') {
      stages.take(told.stream);
      onOutput(told.stream);
    } else if (typeof told.status === 'string' && told.progress === undefined) {
      onOutput(`${typeof told.id === 'string' ? `${told.id}: ` : ''}${told.status}\n`);
    }
    if (typeof told.aux?.ID === 'string') imageId = told.aux.ID;
    const error = told.errorDetail?.message ?? told.error;
    if (typeof error === 'string' && failure === null) failure = error;
  };

  return {
    write(chunk) {
      rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      const lines = rest.split('\n');
      rest = (lines.pop() ?? '').slice(0, lineMax);
      for (const line of lines) take(line);
    },
    end() {
      take(rest);
      rest = '';
      return { failure, imageId, stages: stages.made };
    },
  };
};

const createStageReader = () => {
  const made: string[] = [];
  /** The image of the next line was there before: the one that a `FROM` names, or one of an earlier build. */
  let isKnown = false;
  return {
    made,
    take(text: string): void {
      if (/^Step \d+\/\d+ : /.test(text)) isKnown = /^Step \S+ : FROM /i.test(text);
      else if (text.startsWith(' ---> Using cache')) isKnown = true;
      const [, stage] = /^ ---> ([0-9a-f]{12})\n?$/.exec(text) ?? [];
      if (stage !== undefined && !isKnown && made.length < stagesMax) made.push(stage);
    },
  };
};

interface Told {
  stream?: unknown;
  status?: unknown;
  id?: unknown;
  progress?: unknown;
  error?: unknown;
  errorDetail?: { message?: unknown };
  aux?: { ID?: unknown };
}

const parsed = (line: string): Told | null => {
  if (line.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};

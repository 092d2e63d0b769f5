/** The configuration is not valid. Carries all faults at once, for the operator to correct. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Configuration is not valid:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Typed reads of environment variables. An empty value counts as absent. */
export interface ConfigReader {
  /** Without a default the variable is required. */
  string(name: string, defaultValue?: string): string;
  optionalString(name: string): string | undefined;
  integer(name: string, options: { default?: number; min?: number; max?: number }): number;
  /** `true`/`1`/`yes`/`on` and `false`/`0`/`no`/`off`. */
  boolean(name: string, defaultValue: boolean): boolean;
  /** Comma-separated, trimmed, empty parts dropped. */
  list(name: string, defaultValue: readonly string[]): string[];
}

/**
 * Builds a configuration from environment variables.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readConfig = <Config>(env: Environment, build: (read: ConfigReader) => Config): Config => {
  const faults: string[] = [];
  const config = build(readerOf(env, faults));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

const truths = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

const readerOf = (env: Environment, faults: string[]): ConfigReader => {
  const valueOf = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  return {
    string(name, defaultValue) {
      const value = valueOf(name) ?? defaultValue;
      if (value === undefined) faults.push(`${name} is required`);
      return value ?? '';
    },
    optionalString: valueOf,
    integer(name, { default: defaultValue, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }) {
      const value = valueOf(name);
      if (value === undefined) {
        if (defaultValue === undefined) faults.push(`${name} is required`);
        return defaultValue ?? 0;
      }
      const number = Number(value);
      if (!/^-?\d+$/.test(value) || number < min || number > max) {
        faults.push(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
      }
      return number;
    },
    boolean(name, defaultValue) {
      const value = valueOf(name);
      if (value === undefined) return defaultValue;
      const truth = truths.get(value.toLowerCase());
      if (truth === undefined) faults.push(`${name} must be true or false, not "${value}"`);
      return truth ?? defaultValue;
    },
    list(name, defaultValue) {
      const value = valueOf(name);
      if (value === undefined) return [...defaultValue];
      return value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    },
  };
};

/**
 * What is done where the data lies, in bash (of the database's image, which has it with gzip, tar and coreutils). Arguments come as
 * positional parameters and never become part of a script. `$0` names the script, for people who look at running processes.
 * A file is written under a name that says it is not finished, and gets its own only when it was read again and found whole.
 */
interface Script {
  name: string;
  text: string;
}

export const scriptArgv = ({ name, text }: Script, words: readonly string[]): string[] => [
  'bash',
  '-c',
  text,
  name,
  ...words,
];

/** Exit codes of the scripts' own; all others are those of the programs that they run. */
export const scriptExit = { noDirectory: 90, missing: 91, damaged: 92, differs: 93 } as const;

const start = `set -euo pipefail
umask 077
stop() { echo "$2" >&2; exit "$1"; }
client() { mariadb --defaults-extra-file="$config" --default-character-set=utf8mb4 --batch --skip-column-names "$@"; }
tables() { client "$database" -e "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')"; }
migrations() {
  local there
  there=$(client "$database" -e "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'migrations'")
  if [ "$there" = 0 ]; then echo -1; else client "$database" -e 'SELECT COUNT(*) FROM migrations'; fi
}
sum_of() { sha256sum < "$1" | cut -d ' ' -f 1; }
`;

/** Parameters: directory, database, option file. Prints what {@link parseFacts} reads: `bytes`, `sha256`, `tables`, `migrations`. */
export const dumpScript: Script = {
  name: 'alfa-dump',
  text: `${start}directory=$1 database=$2 config=$3
file=$directory/database.sql.gz part=$directory/database.sql.gz.partial.$$
[ -d "$directory" ] || stop ${scriptExit.noDirectory} "There is no directory $directory"
trap 'rm -f "$part"' EXIT
rm -f "$file" "$file".partial.*
before=$(tables)
sum=$(mariadb-dump --defaults-extra-file="$config" --default-character-set=utf8mb4 --single-transaction --quick \\
  --routines --triggers --events --hex-blob "$database" | gzip -3 | tee "$part" | sha256sum | cut -d ' ' -f 1)
sync "$part"
[ "$(sum_of "$part")" = "$sum" ] || stop ${scriptExit.damaged} 'What was read again is not what was written'
marks=$(gzip -dc "$part" | { LC_ALL=C grep -aoE '^(CREATE TABLE |-- Dump completed)' || true; })
[ "\${marks##*$'\\n'}" = '-- Dump completed' ] || stop ${scriptExit.damaged} 'The dump does not reach its end'
dumped=$(grep -c '^CREATE TABLE ' <<< "$marks" || true)
after=$(tables)
[ "$before" = "$dumped" ] && [ "$after" = "$dumped" ] ||
  stop ${scriptExit.differs} "The dump has $dumped tables, the database had $before before it and $after after it"
migrations=$(migrations)
mv "$part" "$file"
sync "$file" "$directory"
echo "bytes=$(stat -c %s "$file") sha256=$sum tables=$dumped migrations=$migrations"
`,
};

/**
 * Parameters: directory, database, account, option file, SHA-256, tables, migrations (-1: unknown). Standard input: the SQL that makes the database
 * anew. What the dump says of definers becomes the account, since another client's does not exist or is another's.
 */
export const loadScript: Script = {
  name: 'alfa-load',
  text: `${start}directory=$1 database=$2 account=$3 config=$4 sum=$5 expected=$6 rows=$7
file=$directory/database.sql.gz
[ -f "$file" ] || stop ${scriptExit.missing} "There is no file $file"
[ "$(sum_of "$file")" = "$sum" ] || stop ${scriptExit.damaged} 'The dump is not what it was when it was made'
gzip -t "$file" || stop ${scriptExit.damaged} 'The dump can not be unpacked'
client
gzip -dc "$file" |
  LC_ALL=C sed -E '/^(\\/\\*!|CREATE DEFINER)/s/DEFINER=\`[^\`]*\`@\`[^\`]*\`/DEFINER=\`'"$account"'\`@\`%\`/g' |
  client --skip-reconnect "$database"
found=$(tables)
[ "$found" = "$expected" ] || stop ${scriptExit.differs} "The database has $found tables and the backup $expected"
rows_found=$(migrations)
[ "$rows" = -1 ] || [ "$rows_found" = "$rows" ] || stop ${scriptExit.differs} "The database has not the $rows migrations of the backup"
echo "tables=$found"
`,
};

/** Parameters: directory, storage. Prints `bytes`, `sha256`, `files`. A file that changes while it is read is taken as it was read. */
export const packScript: Script = {
  name: 'alfa-pack',
  text: `set -euo pipefail
umask 077
directory=$1 storage=$2
stop() { echo "$2" >&2; exit "$1"; }
file=$directory/storage.tar.gz part=$directory/storage.tar.gz.partial
[ -d "$directory" ] || stop ${scriptExit.noDirectory} "There is no directory $directory"
trap 'rm -f "$part"' EXIT
rm -f "$file" "$part"
sum=$({ tar --create --numeric-owner --one-file-system --directory="$storage" . || [ $? -eq 1 ]; } | gzip -3 | tee "$part" | sha256sum)
sum=\${sum%% *}
sync "$part"
again=$(sha256sum < "$part")
[ "\${again%% *}" = "$sum" ] || stop ${scriptExit.damaged} 'What was read again is not what was written'
files=$(gzip -dc "$part" | tar --list | { grep -vc '/$' || true; })
mv "$part" "$file"
sync "$file" "$directory"
echo "bytes=$(stat -c %s "$file") sha256=$sum files=$files"
`,
};

/** Parameters: directory, storage, SHA-256, files. Puts the storage back as it was. */
export const unpackScript: Script = {
  name: 'alfa-unpack',
  text: `set -euo pipefail
directory=$1 storage=$2 sum=$3 expected=$4
stop() { echo "$2" >&2; exit "$1"; }
file=$directory/storage.tar.gz
[ -f "$file" ] || stop ${scriptExit.missing} "There is no file $file"
found=$(sha256sum < "$file")
[ "\${found%% *}" = "$sum" ] || stop ${scriptExit.damaged} 'The archive of the storage is not what it was when it was made'
gzip -dc "$file" | tar --list > /dev/null || stop ${scriptExit.damaged} 'The archive of the storage can not be unpacked'
find "$storage" -mindepth 1 -delete
gzip -dc "$file" | tar --extract --numeric-owner --same-owner --preserve-permissions --directory="$storage"
files=$(find "$storage" -mindepth 1 ! -type d -printf x | wc -c)
[ "$files" = "$expected" ] || stop ${scriptExit.differs} "The storage has $files files and the backup $expected"
echo "files=$files"
`,
};

/** The last line of a script's output as names and values; null when it is none. */
export const parseFacts = (output: string): Readonly<Record<string, string>> | null => {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const pairs = line.split(' ').map((word) => word.split('='));
  return pairs.every((pair) => pair.length === 2)
    ? Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]))
    : null;
};

import { databaseFunctions, endMark, restMark } from './database-functions.ts';
import { dumpFunctions } from './dump-functions.ts';
import { scriptExit, type Script } from './script.ts';

/** Longest statement that the database accepts, less some room for the protocol, bytes. */
const longestStatement = 1_073_741_800;

/**
 * Parameters: directory, database, option file. Prints a line \`warning<TAB>kind<TAB>name<TAB>reason\` for each object that does not work, and at
 * last what {@link parseFacts} reads: \`bytes\`, \`sha256\`, \`tables\`, \`migrations\`.
 */
export const dumpScript: Script = {
  name: 'alfa-dump',
  text: `${databaseFunctions}directory=$1 database=$2 config=$3
file=$directory/database.sql.gz part=$directory/database.sql.gz.partial.$$
[ -d "$directory" ] || stop ${scriptExit.noDirectory} "There is no directory $directory"
trap 'rm -f "$part"' EXIT
rm -f "$file" "$file".partial.*
${dumpFunctions}
sum=$(whole | gzip -3 | tee "$part" | sha256sum)
sum=\${sum%% *}
sync "$part"
[ "$(sum_of "$part")" = "$sum" ] || stop ${scriptExit.damaged} 'What was read again is not what was written'
marks=$(gzip -dc "$part" | { LC_ALL=C grep -aobE "^(CREATE TABLE $tick[^$tick]*|INSERT INTO |/\\*!40000 ALTER TABLE|-- Dump completed|${restMark}|${endMark})" || true; })
section=tables dumped=0 table='' previous=0 last=''
while IFS=: read -r at mark; do
  [ $((at - previous)) -le ${longestStatement} ] ||
    stop ${scriptExit.rowTooLarge} "A row of table $table takes a statement of $((at - previous)) bytes, and a server takes 1 GiB at most"
  case "$section:$mark" in
    "tables:CREATE TABLE "*) dumped=$((dumped + 1)) table=\${mark#*$tick} ;;
    'tables:${restMark}')
      [ "$last" = '-- Dump completed' ] || stop ${scriptExit.damaged} 'The dump does not reach the end of its tables'
      section=rest ;;
  esac
  previous=$at last=$mark
done <<< "$marks"
[ "$last" = '${endMark}' ] || stop ${scriptExit.damaged} 'The dump does not reach its end'
counts=$(tables_and_migrations)
after=\${counts%$'\\n'*} migrations=\${counts#*$'\\n'}
[ "$before" = "$dumped" ] && [ "$after" = "$dumped" ] ||
  stop ${scriptExit.differs} "The dump has $dumped tables, the database had $before before it and $after after it"
mv "$part" "$file"
trap - EXIT
sync "$file" "$directory"
[ -z "$broken" ] || sed 's/^/warning\\t/' <<< "$broken"
echo "bytes=$(stat -c %s "$file") sha256=$sum tables=$dumped migrations=$migrations"
`,
};

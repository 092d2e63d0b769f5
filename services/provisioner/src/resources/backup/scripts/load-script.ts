import { databaseFunctions, firstLine, restMark } from './database-functions.ts';
import { loadFunctions } from './load-functions.ts';
import { scriptExit, type Script } from './script.ts';

/**
 * Parameters: directory, database, account, option file, SHA-256, tables, migrations (-1: unknown), a file that is made just before the old
 * database goes, with \`0\` in it if there was none. Standard input: the SQL that makes the database anew.
 * Tables must be back whole; of the rest all is put back that can stand. Prints a line \`warning<TAB>kind<TAB>name<TAB>reason\` for each of the others, and
 * for those that are back and do not work.
 */
export const loadScript: Script = {
  name: 'alfa-load',
  text: `${databaseFunctions}directory=$1 database=$2 account=$3 config=$4 sum=$5 expected=$6 rows=$7 begun=$8
file=$directory/database.sql.gz
[ -f "$file" ] || stop ${scriptExit.missing} "There is no file $file"
[ "$(sum_of "$file")" = "$sum" ] || stop ${scriptExit.damaged} 'The dump is not what it was when it was made'
gzip -t "$file" || stop ${scriptExit.damaged} 'The dump can not be unpacked'
# Up to its first empty line, so gzip need not go on.
head=$({ gzip -dc "$file" 2> /dev/null || true; } | LC_ALL=C sed '/^$/Q')
parts=1 source=''
case "$head" in '${firstLine}'*) parts=2 source=$(LC_ALL=C sed -n 's/^-- database\\t//p' <<< "$head") ;; esac

${loadFunctions}tables_of_dump() { gzip -dc "$file" | if [ $parts = 2 ]; then LC_ALL=C sed '/^${restMark}$/,$d'; else cat; fi; }
rest_of_dump() { gzip -dc "$file" | LC_ALL=C sed '1,/^${restMark}$/d'; }

widen
if [ ! -e "$begun" ]; then
  client -e "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '$database'" > "$begun.partial"
  sync "$begun.partial"
  mv "$begun.partial" "$begun"
  sync "$directory"
fi
client
said=$(tables_of_dump | own | { client --skip-reconnect --init-command="$lenient" "$database" 2>&1 > /dev/null; } | messages) || { tell_if_full; stop 1 "$said"; }
counts=$(tables_and_migrations)
found=\${counts%$'\\n'*} rows_found=\${counts#*$'\\n'}
[ "$found" = "$expected" ] || stop ${scriptExit.differs} "The database has $found tables and the backup $expected"
[ "$rows" = -1 ] || [ "$rows_found" = "$rows" ] || stop ${scriptExit.differs} "The database has not the $rows migrations of the backup"

[ $parts = 1 ] || restore_rest
echo "tables=$found"
`,
};

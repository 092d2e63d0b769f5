import { databaseFunctions, firstLine, restMark } from './database-functions.ts';
import { scriptExit, type Script } from './script.ts';

/** Quoted with backticks, or with double quotes where the object was made in Oracle's mode; a role has no host. */
const definer = 'DEFINER=(`[^`]*`|"[^"]*")(@(`[^`]*`|"[^"]*"))?'.replaceAll('`', '\\x60');

/**
 * Parameters: directory, database, account, option file, SHA-256, tables, migrations (-1: unknown), a file that is made just before the old
 * database goes, with \`0\` in it if there was none. Standard input: the SQL that makes the database anew.
 * Tables must be back whole; of the rest all is put back that can stand. Prints a line \`warning<TAB>kind<TAB>name<TAB>reason\` for each of the others, and
 * for those that are back and do not work.
 *
 * What the dump says of definers becomes the account, since another client's does not exist or is another's. The text of a view that did not
 * work names its database, which may have been another client's. Rules that a row may break since it was written are no reason to lose it.
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

# Its messages quote the statement, which may hold what nobody else may read.
messages() { LC_ALL=C grep -a '^ERROR ' | cut -c 1-500 | tail -n 100 || true; }
own() {
  LC_ALL=C sed -E -e '/^(\\/\\*!|CREATE DEFINER|-- view )/s/${definer}/DEFINER=\\x60'"$account"'\\x60@\\x60%\\x60/g' -e '/^(\\/\\*!50001 VIEW |-- view )/s/\\x60'"$source"'\\x60\\.//g'
}
tables_of_dump() { gzip -dc "$file" | if [ $parts = 2 ]; then LC_ALL=C sed '/^${restMark}$/,$d'; else cat; fi; }
rest_of_dump() { gzip -dc "$file" | LC_ALL=C sed '1,/^${restMark}$/d'; }

widen
if [ ! -e "$begun" ]; then
  client -e "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '$database'" > "$begun.partial"
  sync "$begun.partial"
  mv "$begun.partial" "$begun"
  sync "$directory"
fi
client
lenient='SET SESSION check_constraint_checks = OFF, innodb_strict_mode = OFF'
said=$(tables_of_dump | own | { client --skip-reconnect --init-command="$lenient" "$database" 2>&1 > /dev/null; } | messages) || stop 1 "$said"
counts=$(tables_and_migrations)
found=\${counts%$'\\n'*} rows_found=\${counts#*$'\\n'}
[ "$found" = "$expected" ] || stop ${scriptExit.differs} "The database has $found tables and the backup $expected"
[ "$rows" = -1 ] || [ "$rows_found" = "$rows" ] || stop ${scriptExit.differs} "The database has not the $rows migrations of the backup"

lost() { LC_ALL=C grep -aqE '^ERROR (1040|1053|2002|2003|2006|2013|2026) ' <<< "$1"; }
look() { there=$(objects) && absent=$(LC_ALL=C comm -23 - <(echo "$there") <<< "$wanted"); }
if [ $parts = 2 ]; then
  wanted=$(LC_ALL=C sed -nE 's/^-- (has|does not work)\\t([^\\t]*\\t[^\\t]*).*$/\\2/p' <<< "$head" | LC_ALL=C sort)
  declare -A reasons=()
  while IFS=$tab read -r state kind name why; do
    [ "$state" != '-- does not work' ] || reasons["$kind$tab$name"]=$why
  done <<< "$head"
  said=$(rest_of_dump | own | { client --force --skip-reconnect "$database" 2>&1 > /dev/null; } | messages)
  ! lost "$said" || stop 1 "$said"
  texts=$(own <<< "$head" | LC_ALL=C sed -nE 's/^-- view \\| (.*)$/\\1;/p')
  # A view may stand on another one that comes after it.
  before='none yet'
  look
  while [ -n "$texts" ] && [ "$absent" != "$before" ]; do
    before=$absent
    more=$(client --force --skip-reconnect "$database" <<< "$texts" 2>&1 > /dev/null | messages)
    ! lost "$more" || stop 1 "$more"
    look
  done
  while IFS=$tab read -r kind name; do
    [ -n "$kind" ] || continue
    why=\${reasons["$kind$tab$name"]-the database refused it}
    [ "$kind" != event ] || why+='; an event whose time is over goes by itself'
    printf 'warning\\t%s\\t%s\\t%s\\n' "$kind" "$name" "$why"
  done <<< "$absent"
  [ -z "$said" ] || sed 's/^/said\\t/' <<< "$said"
  faulty_now=$(objects | faulty)
  [ -z "$faulty_now" ] || sed 's/^/warning\\t/' <<< "$faulty_now"
fi
echo "tables=$found"
`,
};

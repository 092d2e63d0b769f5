import { databaseFunctions, endMark, firstLine, restMark } from '../../backup/scripts/database-functions.ts';
import { dumpFunctions } from '../../backup/scripts/dump-functions.ts';
import { loadFunctions } from '../../backup/scripts/load-functions.ts';
import { scriptExit, type Script } from '../../backup/scripts/script.ts';

/**
 * Parameters: database, option file. Prints a dump, packed. Standard error: warnings as those of a backup, at last \`tables\`. The tables are those of
 * one moment each part; whoever needs all of one moment keeps writers away.
 */
export const dumpOutScript: Script = {
  name: 'alfa-dump-out',
  text: `${databaseFunctions}database=$1 config=$2
${dumpFunctions}
whole | gzip -1
counts=$(tables_and_migrations)
after=\${counts%$'\\n'*}
[ "$before" = "$after" ] || stop ${scriptExit.differs} "The database had $before tables before its dump and $after after it"
{
  [ -z "$broken" ] || sed 's/^/warning\\t/' <<< "$broken"
  echo "tables=$after"
} >&2
`,
};

/**
 * Parameters: database, account, option file. Standard input: what \`alfa-dump-out\` prints. Fills the database, which is empty; success means that the
 * dump has come to its end. Prints warnings as those of a restoration, at last \`tables\`.
 */
export const loadInScript: Script = {
  name: 'alfa-load-in',
  text: `${databaseFunctions}database=$1 account=$2 config=$3
rest=$(mktemp) said_of=$(mktemp)
trap 'rm -f "$rest" "$said_of"' EXIT
head='' source=''
${loadFunctions}
rest_of_dump() { cat "$rest"; }
head_of() {
  local line
  while IFS= read -r line; do
    [ -n "$line" ] || return 0
    printf '%s\\n' "$line"
  done
}
# The mark is no line of a table: within values line ends are escaped.
tables_of() { LC_ALL=C sed -e '1,/^${restMark}$/!{w '"$rest" -e 'd}' -e '/^${restMark}$/d'; }
load() {
  head=$(head_of)
  case "$head" in '${firstLine}'*) ;; *) stop ${scriptExit.damaged} 'What has come is no dump' ;; esac
  source=$(LC_ALL=C sed -n 's/^-- database\\t//p' <<< "$head")
  tables_of | own | { client --skip-reconnect --init-command="$lenient" "$database" 2>&1 > /dev/null; } | messages > "$said_of"
  [ "$(tail -n 1 "$rest")" = '${endMark}' ] || stop ${scriptExit.damaged} 'The dump does not reach its end'
  restore_rest
}
widen
gzip -dc | load || { code=$?; cat "$said_of" >&2; tell_if_full; exit $code; }
counts=$(tables_and_migrations)
echo "tables=\${counts%$'\\n'*}"
`,
};

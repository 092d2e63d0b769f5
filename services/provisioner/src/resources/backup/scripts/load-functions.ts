import { insideContainers } from '../../../on-server/names.ts';

/** A table grows by up to 4 MiB at once. */
const fullBelowKb = 8192;

/** Quoted with backticks, or with double quotes where the object was made in Oracle's mode; a role has no host. */
const definer = 'DEFINER=(`[^`]*`|"[^"]*")(@(`[^`]*`|"[^"]*"))?'.replaceAll('`', '\\x60');

/**
 * Functions that put a dump into a database, and tell what may be why that has failed. They read the variables of the common functions, \`account\`, \`head\` (the dump up to its first empty line),
 * \`source\` (the database of the dump) and the function \`rest_of_dump\`.
 *
 * What the dump says of definers becomes the account, since another client's does not exist or is another's. The text of a view that did not
 * work names its database, which may have been another client's. Rules that a row may break since it was written are no reason to lose it.
 */
export const loadFunctions = `lenient='SET SESSION check_constraint_checks = OFF, innodb_strict_mode = OFF'
# Its messages quote the statement, which may hold what nobody else may read.
messages() { LC_ALL=C grep -a '^ERROR ' | cut -c 1-500 | tail -n 100 || true; }
own() {
  LC_ALL=C sed -E -e '/^(\\/\\*!|CREATE DEFINER|-- view )/s/${definer}/DEFINER=\\x60'"$account"'\\x60@\\x60%\\x60/g' -e '/^(\\/\\*!50001 VIEW |-- view )/s/\\x60'"$source"'\\x60\\.//g'
}
lost() { LC_ALL=C grep -aqE '^ERROR (1040|1053|2002|2003|2006|2013|2026) ' <<< "$1"; }
# A commit that finds no room fails as a thing that is not permitted.
tell_if_full() {
  ! [ "$(df -k --output=avail ${insideContainers.databaseData} | tail -n 1)" -lt ${fullBelowKb} ] || echo 'No space left on device: ${insideContainers.databaseData}' >&2
}
look() { there=$(objects) && absent=$(LC_ALL=C comm -23 - <(echo "$there") <<< "$wanted"); }
restore_rest() {
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
}
`;

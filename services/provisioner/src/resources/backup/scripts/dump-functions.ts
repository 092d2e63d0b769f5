import { endMark, firstLine, restMark } from './database-functions.ts';

/**
 * Looks around in the database, then defines \`whole\`, which prints it. Reads the variables of the common functions; leaves the number of tables in
 * \`before\`, and what does not work in \`broken\`.
 *
 * The tables come first, in a dump of their own, so that only they are counted: the text of a procedure may look like a table's. What does not
 * work would end \`mariadb-dump\`: its text is kept in comments at the beginning. Routines come before the views that may call them.
 * Binary values are not written as hexadecimal digits: these would take twice the room, and more than a server takes for one row.
 */
export const dumpFunctions = `known=$(tables_and_objects)$'\\n'
before=\${known%%$'\\n'*} all=\${known#*$'\\n'}
broken=$(faulty <<< "$all")

declare -A reasons=()
declare -a without_views=() views=() broken_others=()
others=0
while IFS=$tab read -r kind name why; do
  case "$kind" in
    '') ;;
    view) reasons["$kind$tab$name"]=$why ;;
    *) reasons["$kind$tab$name"]=$why broken_others+=("SHOW CREATE \${kind^^} $(quoted "$name")") ;;
  esac
done <<< "$broken"
while IFS=$tab read -r kind name; do
  case "$kind:$name" in
    : | sequence:* | view:*\\\\*) ;;
    view:*)
      without_views+=("--ignore-table=$database.$name")
      [ -n "\${reasons["$kind$tab$name"]-}" ] || views+=("$name") ;;
    *) others=$((others + 1)) ;;
  esac
done <<< "$all"

dump() {
  mariadb-dump --defaults-extra-file="$config" --default-character-set=utf8mb4 --max-allowed-packet=1G --single-transaction --quick "$@"
}
text_of() {
  local name="'\${2//\\'/\\'\\'}'" tick="'$tick'" select
  case "$1" in
    view) select="CONCAT('CREATE ALGORITHM=', ALGORITHM, ' DEFINER=', $tick, LEFT(DEFINER, CHAR_LENGTH(DEFINER) - LOCATE('@', REVERSE(DEFINER))),
      $tick, '@', $tick, SUBSTRING_INDEX(DEFINER, '@', -1), $tick, ' SQL SECURITY ', SECURITY_TYPE, ' VIEW ', $tick, REPLACE(TABLE_NAME, $tick, CONCAT($tick, $tick)), $tick, ' AS ',
      REPLACE(VIEW_DEFINITION, CONCAT($tick, DATABASE(), $tick, '.'), ''), IF(CHECK_OPTION = 'NONE', '', CONCAT(' WITH ', CHECK_OPTION, ' CHECK OPTION')))
      FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $name" ;;
    trigger) select="ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME = $name" ;;
    event) select="body_utf8 FROM mysql.event WHERE db = DATABASE() AND name = $name" ;;
    *) select="CONCAT('CREATE ', type, ' ', name, '(', param_list, ') ', IF(returns = '', '', CONCAT('RETURNS ', returns, ' ')), CONVERT(body USING utf8mb4))
      FROM mysql.proc WHERE db = DATABASE() AND name = $name AND LOWER(type) = '$1'" ;;
  esac
  client --raw "$database" -e "SELECT $select"
}
head_of_dump() {
  local kind name why text
  echo '${firstLine}'
  printf -- '-- database\\t%s\\n' "$database"
  while IFS=$tab read -r kind name; do
    [ -z "$kind" ] || [ -n "\${reasons["$kind$tab$name"]-}" ] || printf -- '-- has\\t%s\\t%s\\n' "$kind" "$name"
  done <<< "$all"
  while IFS=$tab read -r kind name why; do
    [ -n "$kind" ] || continue
    printf -- '-- does not work\\t%s\\t%s\\t%s\\n' "$kind" "$name" "$why"
    text=$(text_of "$kind" "$name")
    sed "s/^/-- $kind | /" <<< "$text"
  done <<< "$broken"
  echo
}
# Triggers, routines and events. With --force it ends with an error all the same, so each of its messages must be about what is known.
other_objects() {
  local -a options=(--no-create-info --no-data --triggers --routines --events "\${without_views[@]}")
  local said line known expected
  if [ \${#broken_others[@]} = 0 ]; then dump "\${options[@]}" -- "$database"; return; fi
  { said=$({ dump "\${options[@]}" --force -- "$database" >&3 || true; } 2>&1); } 3>&1
  while read -r line; do
    case "$line" in mariadb-dump:* | mysqldump:*) ;; *) continue ;; esac
    known=no
    for expected in "\${broken_others[@]}"; do case "$line" in *"'$expected'"*) known=yes ;; esac; done
    [ $known = yes ] || { echo "$line" >&2; return 1; }
  done <<< "$said"
}
whole() {
  head_of_dump &&
    dump --skip-triggers "\${without_views[@]}" -- "$database" &&
    echo '${restMark}' &&
    { [ $others = 0 ] || other_objects; } &&
    { [ \${#views[@]} = 0 ] || dump --skip-triggers --no-data -- "$database" "\${views[@]}"; } &&
    echo '${endMark}'
}

`;

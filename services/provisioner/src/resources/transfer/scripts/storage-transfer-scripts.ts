import { scriptExit, type Script } from '../../backup/scripts/script.ts';
import { storageFunctions, unpack } from './storage-functions.ts';

const storageScript = (name: string, text: string): Script => ({ name, text: `${storageFunctions}${text}` });

/** Parameters: storage. Prints the list of what is there. */
export const listScript = storageScript('alfa-list', 'entries\n');

/**
 * Parameters: storage, pass. Standard input: the other side's list. Keeps what has to be sent and what has to go there, and prints
 * \`sent\`, \`removed\` (numbers of names) and \`bytes\`.
 *
 * A directory is sent with each of its entries that is, since that changes its time. What values other attributes have no list tells, so
 * files that have some are sent each time, with all their names.
 */
export const compareScript = storageScript(
  'alfa-compare',
  `cat > "$work/there"
[ "$(tail -z -n 1 "$work/there" | tr -d '\\0')" = //end ] || stop ${scriptExit.damaged} 'The list of the other side does not reach its end'
entries > "$work/here"
kinds() { sed -z -n 's|//\\([a-z]\\).*|//\\1|p' "$1"; }
comm -z -13 <(kinds "$work/here") <(kinds "$work/there") | paths > "$work/removed"
declare -A leaders=() forced=()
linked() {
  local record path
  while IFS= read -r -d '' record; do leaders[\${record%%//=*}]=\${record#*//=}; done < <(sed -z -n '\\|//=|p' "$work/here")
  while IFS= read -r -d '' path; do
    printf '%s\\0' "$path"
    [ -z "\${leaders[$path]-}" ] || forced[\${leaders[$path]}]=yes
  done < <(sed -z -n 's|//@  x: .*||p' "$work/here")
  for path in "\${!leaders[@]}"; do [ -z "\${forced[\${leaders[$path]}]-}" ] || printf '%s\\0' "$path"; done
}
{ comm -z -23 "$work/here" "$work/there" | paths; linked; } | sorted -u > "$work/changed"
directories() { sed -z -n 's|//d .*||p' "$work/here" | sorted; }
{ cat "$work/changed"; cat "$work/changed" "$work/removed" | sed -z 's|/[^/]*$||' | sorted -u | comm -z -12 - <(directories); } | sorted -u > "$work/sent"
count() { tr -dc '\\0' < "$1" | wc -c; }
bytes=$(comm -z -23 "$work/here" "$work/there" | sed -z -n 's|.*//f [0-9]* [0-9]* [0-9]* \\([0-9]*\\) .*|\\1|p' | tr '\\0' '\\n' | { sum=0; while read -r size; do sum=$((sum + size)); done; echo $sum; })
echo "sent=$(count "$work/sent") removed=$(count "$work/removed") bytes=$bytes"
`,
);

/** Parameters: storage. Prints the names that have to go on the other side. */
export const removedScript = storageScript('alfa-removed', 'cat "$work/removed"\n');

/** Parameters: storage. Standard input: names. */
export const removeScript = storageScript('alfa-remove', 'xargs -0 -r rm -rf --\n');

/** Parameters: storage, pass. Prints an archive of what has to be sent. */
export const sendScript = storageScript(
  'alfa-send',
  `failing=()
[ "$pass" != first ] || failing=(--ignore-failed-read)
archived --sparse --no-recursion --blocking-factor=128 "\${failing[@]}" --null --files-from="$work/sent" || { [ $? = 1 ] && unless_first; }
`,
);

/**
 * Parameters: storage. Standard input: an archive. On success it is on the disk. What has come is written there while the rest is on its way: by itself
 * the kernel begins after half a minute. An error of the disk is told to one \`sync\` only, so that of each of them counts.
 */
export const receiveScript = storageScript(
  'alfa-receive',
  `until_closed() { while read -r -t 1 || [ $? -gt 128 ]; do sync -f . || exit; done; }
exec 3> >(until_closed > /dev/null)
writing=$!
${unpack} --blocking-factor=128
cat > /dev/null
exec 3>&-
wait "$writing"
sync -f .
`,
);

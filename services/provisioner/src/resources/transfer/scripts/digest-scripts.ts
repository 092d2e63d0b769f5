import { type Script } from '../../backup/scripts/script.ts';
import { storageFunctions } from './storage-functions.ts';

/**
 * Sums of contents are kept under what tells that a file has not changed: its number, size and times. A file that has changed within the last
 * seconds might change again unseen, so its sum is not kept.
 */
const digestFunctions = `${storageFunctions}
sums() {
  touch "$work/sums"
  look -type f "$@" -printf '%i-%s-%T@-%C@ %p\\0' | sorted > "$work/keys"
  join -z -t ' ' -v 1 "$work/keys" "$work/sums" > "$work/unknown"
  cut -z -d ' ' -f 2- "$work/unknown" | xargs -0 -r sha256sum --zero -- > "$work/counted" || unless_first
  paired | cat "$work/sums" - | sorted -u | join -z -t ' ' - <(cut -z -d ' ' -f 1 "$work/keys" | uniq -z) > "$work/sums.new"
  mv "$work/sums.new" "$work/sums"
}
paired() {
  local key line=''
  exec 3< "$work/unknown" 4< "$work/counted"
  IFS= read -r -d '' line <&4 || true
  while IFS= read -r -d '' key <&3; do
    [ "\${key#* }" = "\${line:66}" ] || continue
    printf '%s %s\\0' "\${key%% *}" "\${line:0:64}"
    IFS= read -r -d '' line <&4 || line=''
  done
}
`;

/** Parameters: storage, pass. Counts contents ahead, while the client is at work. */
export const countScript: Script = {
  name: 'alfa-count',
  text: `${digestFunctions}sums ! -newerct '2 seconds ago'
echo "counted=$(tr -dc '\\0' < "$work/unknown" | wc -c)"
`,
};

/**
 * Parameters: storage. Keeps the list with the contents' SHA-256, and prints \`names\`, \`bytes\`, \`digest\` (of the list) and \`attributes\` (of the
 * files that have other ones, whole).
 */
export const digestScript: Script = {
  name: 'alfa-digest',
  text: `${digestFunctions}sums
{ entries; join -z -t ' ' "$work/sums" "$work/keys" | sed -z 's|^[^ ]* \\([^ ]*\\) \\(.*\\)$|\\2//#\\1|'; } | sorted > "$work/digest"
sed -z -n 's|//@  x: .*||p' "$work/digest" | sorted -u > "$work/attributed"
attributed=-
[ ! -s "$work/attributed" ] || attributed=$(archived --no-recursion --null --files-from="$work/attributed" | sha256sum)
digest=$(sha256sum < "$work/digest")
bytes=$(find . -xdev -type f -printf '%s\\n' | { sum=0; while read -r size; do sum=$((sum + size)); done; echo $sum; })
echo "names=$(find . -xdev -mindepth 1 -printf x | wc -c) bytes=$bytes digest=\${digest%% *} attributes=\${attributed%% *}"
`,
};

/** Parameters: storage. Prints the list that \`alfa-digest\` has kept. */
export const digestListScript: Script = {
  name: 'alfa-digest-list',
  text: `${storageFunctions}cat "$work/digest"\n`,
};

/** Parameters: storage. Standard input: the other side's list. Prints the first names that differ, one a line, in quotes where they need some. */
export const differScript: Script = {
  name: 'alfa-differ',
  text: `${storageFunctions}comm -z -3 "$work/digest" - | sed -z 's/^\\t//' | paths | sorted -u | head -z -n 20 | while IFS= read -r -d '' path; do printf '%q\\n' "$path"; done
`,
};

import { type Script } from '../../backup/scripts/script.ts';
import { storageFunctions } from './storage-functions.ts';

const files = `files() { look -type f -printf '%p//%s %T@\\0' | sorted; }
`;

/** Parameters: storage. Prints its files with size and time. */
export const filesScript: Script = {
  name: 'alfa-files',
  text: `${storageFunctions}${files}files\n`,
};

/** Parameters: storage. Standard input: the files of an earlier state. Prints \`added\`, \`changed\`, \`removed\`. */
export const differenceScript: Script = {
  name: 'alfa-difference',
  text: `${storageFunctions}${files}
cat > "$work/earlier"
files > "$work/present"
paths < "$work/earlier" | sorted > "$work/earlier.paths"
paths < "$work/present" | sorted > "$work/present.paths"
count() { tr -dc '\\0' | wc -c; }
added=$(comm -z -13 "$work/earlier.paths" "$work/present.paths" | count)
removed=$(comm -z -23 "$work/earlier.paths" "$work/present.paths" | count)
same=$(comm -z -12 "$work/earlier" "$work/present" | count)
both=$(comm -z -12 "$work/earlier.paths" "$work/present.paths" | count)
echo "added=$added changed=$((both - same)) removed=$removed"
`,
};

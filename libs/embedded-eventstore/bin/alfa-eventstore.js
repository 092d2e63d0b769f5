#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for TypeScript sources can say so.
if (process.features.typescript) {
  await import('../src/main.ts');
} else {
  process.stderr.write(
    `alfa-eventstore: Node ${process.version} cannot run TypeScript sources, Node 24 can.\n`,
  );
  process.exitCode = 1;
}

#!/usr/bin/env node
const argv = process.argv.slice(2);
// A small search is over sooner than what it does not need is loaded, so that it has a file of its own: see scripts/bundle.ts.
const explored = argv[0] === 'explore' ? await (await import('./main-explore.ts')).main(argv) : undefined;
process.exitCode = explored ?? (await (await import('./main-any.ts')).main(argv));

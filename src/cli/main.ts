#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// The young heap grows by large steps: a search keeps what it makes, and copying it at every small step took a tenth of its time.
setFlagsFromString('--semi-space-growth-factor=16');

const argv = process.argv.slice(2);
// A small search is over sooner than what it does not need is loaded, so that it has a file of its own: see scripts/bundle.ts.
const explored = argv[0] === 'explore' ? await (await import('./main-explore.ts')).main(argv) : undefined;
process.exitCode = explored ?? (await (await import('./main-any.ts')).main(argv));

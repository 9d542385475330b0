#!/usr/bin/env node
// solc-js behind the command line that forge speaks: `--version`, and `--standard-json` from stdin to stdout.
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
    console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
    const read = (path) => {
        const file = existsSync(path) ? path : join(here, 'node_modules', path);
        return existsSync(file) ? {contents: readFileSync(file, 'utf8')} : {error: `${path} not found`};
    };
    process.stdout.write(solc.compile(readFileSync(0, 'utf8'), {import: read}));
}

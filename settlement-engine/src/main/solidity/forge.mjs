// Runs forge on a copy of the contracts and their tests under target/, where node_modules is a link.
// `node forge.mjs test …` passes what follows on to forge.
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const tests = resolve(here, '../../test/solidity');
export const work = resolve(here, '../../../target/forge');

const binary = join(here, 'node_modules/@foundry-rs', `forge-${process.platform}-${{x64: 'amd64', arm64: 'arm64'}[process.arch]}`, 'bin/forge');

function copyChanged(from, to) {
    mkdirSync(to, {recursive: true});
    const names = readdirSync(from).filter((name) => name.endsWith('.sol'));
    for (const name of readdirSync(to)) if (!names.includes(name)) rmSync(join(to, name));
    for (const name of names) {
        const text = readFileSync(join(from, name), 'utf8');
        const file = join(to, name);
        if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
    }
}

/** A forge project of the present sources in `folder`; what forge has compiled there before is kept. */
export function project(folder = work) {
    copyChanged(here, join(folder, 'src'));
    copyChanged(tests, join(folder, 'test'));
    for (const name of ['foundry.toml', 'solc.mjs']) cpSync(join(here, name), join(folder, name));
    if (!existsSync(join(folder, 'node_modules'))) symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'));
    const pins = join(tests, 'gas-pins.json');
    if (existsSync(pins)) cpSync(pins, join(folder, 'gas-pins.json'));
    return folder;
}

export function forge(folder, args, options = {}) {
    return spawnSync(binary, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        ...options,
        env: {...process.env, FOUNDRY_DISABLE_NIGHTLY_WARNING: '1', ...options.env},
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    process.exit(forge(project(), process.argv.slice(2), {stdio: 'inherit'}).status ?? 1);
}

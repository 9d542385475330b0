// Compiles the contracts with solc-js and writes ABI, bytecode and manifest as class-path resources.
// `--check` writes nothing and fails when a committed artifact differs from what the sources give.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const solc = createRequire(import.meta.url)('solc');
const check = process.argv.includes('--check');

const settings = {
    evmVersion: 'prague',
    optimizer: {enabled: true, runs: 1000000},
    viaIR: false,
    metadata: {bytecodeHash: 'none', appendCBOR: false},
};

const sets = [
    {sources: here, out: resolve(here, '../resources/contracts')},
    {sources: resolve(here, '../../test/solidity'), out: resolve(here, '../../test/resources/contracts')},
];

let stale = 0;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function emit(out, name, text) {
    const file = join(out, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
    if (check) {
        console.error(`${file} differs from what the sources give: run \`npm ci && npm run build\` in ${here} and commit.`);
        stale++;
        return;
    }
    mkdirSync(out, {recursive: true});
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
}

function compile({sources, out}) {
    const names = readdirSync(sources).filter((name) => name.endsWith('.sol') && !name.endsWith('.t.sol')).sort();
    if (names.length === 0) return;
    const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(sources, name), 'utf8')]));
    const input = {
        language: 'Solidity',
        sources: Object.fromEntries(names.map((name) => [name, {content: texts[name]}])),
        settings: {
            ...settings,
            outputSelection: Object.fromEntries(names.map((name) => [name, {'*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']}])),
        },
    };
    const read = (path) => {
        const file = path.startsWith('@') ? join(here, 'node_modules', path) : join(here, path);
        return existsSync(file) ? {contents: readFileSync(file, 'utf8')} : {error: `${path} not found`};
    };
    const output = JSON.parse(solc.compile(JSON.stringify(input), {import: read}));
    // A warning in our own sources is an error; one in a library is the library's.
    const messages = (output.errors ?? []).filter(
        (message) => message.severity === 'error' || !message.sourceLocation?.file.startsWith('@'));
    messages.forEach((message) => console.error(message.formattedMessage));
    if (messages.length > 0) process.exit(1);
    const contracts = {};
    for (const name of names) {
        const contract = name.replace(/\.sol$/, '');
        const {abi, evm} = output.contracts[name][contract];
        const deployedBytes = evm.deployedBytecode.object.length / 2;
        if (deployedBytes > 24576) {
            console.error(`${contract} has ${deployedBytes} bytes of code, over the 24576 that can be deployed (EIP-170).`);
            process.exit(1);
        }
        if (process.argv.includes('--sizes')) console.log(`${contract}: ${deployedBytes} bytes`);
        const [abiText, binText] = [JSON.stringify(abi) + '\n', evm.bytecode.object + '\n'];
        emit(out, `${contract}.abi`, abiText);
        emit(out, `${contract}.bin`, binText);
        contracts[contract] = {
            source: name,
            sourceSha256: sha256(texts[name]),
            abiSha256: sha256(abiText),
            binSha256: sha256(binText),
        };
    }
    const openzeppelin = JSON.parse(readFileSync(join(here, 'node_modules/@openzeppelin/contracts/package.json'), 'utf8')).version;
    const manifest = {compiler: solc.version(), settings, libraries: {'@openzeppelin/contracts': openzeppelin}, contracts};
    emit(out, 'manifest.json', JSON.stringify(manifest, null, 2) + '\n');
}

sets.forEach(compile);
process.exit(stale > 0 ? 1 : 0);

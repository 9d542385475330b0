// Measures what transactions cost and writes docs/gas.md and the pins that Gas.t.sol holds each number to within 1 %.
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {forge, here, project, tests} from './forge.mjs';

const folder = project();
const measured = join(folder, 'gas-measured.txt');
rmSync(measured, {force: true});
const run = forge(folder, ['test', '--isolate', '--match-contract', 'GasTest', '-j', '1'], {env: {GAS_MEASURE: 'true'}, stdio: 'inherit'});
if (run.status !== 0) process.exit(run.status ?? 1);

const lines = readFileSync(measured, 'utf8').trim().split('\n').map((line) => line.split(' '));
const pins = Object.fromEntries(lines.map(([key, gas]) => [key, Number(gas)]).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(tests, 'gas-pins.json'), JSON.stringify(pins, null, 2) + '\n');

const counts = [10, 100, 500, 1000, 10000];
const number = (gas) => (gas === undefined ? '' : String(gas).replace(/\B(?=(\d{3})+$)/g, ' '));
const per = (name) => counts.map((count) => number(pins[`${name}.${count}`])).join(' | ');

function table(token) {
    const rows = [];
    for (const state of ['warm', 'zero']) {
        const pageBatch = state === 'warm' ? '1 000' : '500';
        rows.push(`| ${state} | naive \`transferFrom\` loop | ${per(`${token}.${state}.naive`)} |`);
        rows.push(`| ${state} | list, anchored and executed in one | ${per(`${token}.${state}.fused`)} |`);
        rows.push(`| ${state} | page, anchored and executed in one | ${per(`${token}.${state}.fusedpage`)} |`);
        rows.push(`| ${state} | list batches of 500 | ${per(`${token}.${state}.list`)} |`);
        rows.push(`| ${state} | page batches of ${pageBatch} | ${per(`${token}.${state}.page`)} |`);
    }
    return `| payee | way | ${counts.map((count) => `N = ${number(count)}`).join(' | ')} |\n|---|---|${counts.map(() => '--:').join('|')}|\n${rows.join('\n')}`;
}

const marginal = (name) => Math.round((pins[`${name}.500`] * 500 - pins[`${name}.100`] * 100) / 400);
const verdict = (found, target) => `${number(found)} | ${number(target)} | ${found <= target ? 'met' : 'missed'}`;
const saved = pins['plain.warm.list.10000'] - pins['plain.warm.page.10000'];

const page = `# What a payout costs

Made by \`npm run gas\` in \`settlement-engine/src/main/solidity\`; do not edit. Every number is also a pin in
\`settlement-engine/src/test/solidity/gas-pins.json\`, which \`mvn verify -Pcontracts\` holds to within 1 %.

Gas per holder of whole transactions (intrinsic gas and calldata included), anchoring and funding included, \`approve\` and the
writing of pages excluded. solc 0.8.37, legacy pipeline, optimizer runs 1 000 000, Prague rules. *warm*: the payee already holds
the coin; *zero*: its first payout ever. Proofs, rule, policy and second root are all in.

## Plain ERC-20

${table('plain')}

## USDC-shaped token (proxy, pause, blacklist bit)

${table('usdc')}

## Against the targets (CHAIN 5, legacy pipeline; anchoring from the issue)

| what | gas | target | |
|---|--:|--:|---|
| a further holder, list, plain, warm (slope 100 to 500) | ${verdict(marginal('plain.warm.list'), 8700)} |
| a further holder, list, plain, zero (slope 100 to 500) | ${verdict(marginal('plain.zero.list'), 25800)} |
| a further holder, page, plain, warm (slope 100 to 500) | ${verdict(marginal('plain.warm.page'), 8700)} |
| a holder at N = 10 000, list, plain, warm | ${verdict(pins['plain.warm.list.10000'], 8550)} |
| a holder at N = 10 000, page, plain, warm | ${verdict(pins['plain.warm.page.10000'], 8550)} |
| a holder at N = 1 000, page in one, plain, warm | ${verdict(pins['plain.warm.fusedpage.1000'], 8550)} |
| anchoring, with rule, policy and second root | ${verdict(pins.anchor, 160000)} |
| a batch of 500 first payouts, USDC-shaped | ${verdict(pins['largest.usdc.zero.500'], 13500000)} |
| withdrawing what is owed | ${verdict(pins.withdrawOwed, 55000)} |
| granting a credential | ${verdict(pins.grant, 55000)} |
| passing a store's title, epoch included | ${verdict(pins.transfer, 85000)} |

## The page, and when it pays

Writing a page costs ${number(pins['page.write.per.payee'])} gas per payee, once; each later distribution to those payees then costs ${number(saved)} gas per holder
less than the list (N = 10 000, plain, warm). The page has paid for itself after ${Math.ceil(pins["page.write.per.payee"] / saved)} distributions. A page batch of
1 000 known holders of a USDC-shaped token takes ${number(pins['largest.usdc.warm.1000'])} gas, within the 16 777 216 of a transaction (EIP-7825).
Withdrawing costs more than its target by the two looks that it takes at the guard's pause and at the freeze, and by the solvency check after it.

## Small registers: where the overhead is earned back

Gas per holder, plain, warm. The naive loop has no record, no proof, no replay safety and no isolation.

| way | N = 50 | N = 100 | N = 150 | N = 200 |
|---|--:|--:|--:|--:|
| naive \`transferFrom\` loop | ${[50, 100, 150, 200].map((n) => number(pins[`breakeven.naive.${n}`])).join(' | ')} |
| list, anchored and executed in one | ${[50, 100, 150, 200].map((n) => number(pins[`breakeven.fused.${n}`])).join(' | ')} |
| page, anchored and executed in one | ${[50, 100, 150, 200].map((n) => number(pins[`breakeven.fusedpage.${n}`])).join(' | ')} |

## Other calls

| call | gas |
|---|--:|
| first sealing of a credential slot | ${number(pins['seal.first'])} |
| next sealing | ${number(pins['seal.next'])} |
| revoking a grant | ${number(pins.revoke)} |
| anchoring a routing rule | ${number(pins.rule)} |
| anchoring the head of the event seals, first | ${number(pins['seal.events.first'])} |
| anchoring the head of the event seals | ${number(pins['seal.events.next'])} |
`;
const docs = resolve(here, '../../../../docs');
if (!existsSync(docs)) mkdirSync(docs);
writeFileSync(join(docs, 'gas.md'), page);
console.log(`wrote ${join(docs, 'gas.md')} and ${Object.keys(pins).length} pins`);

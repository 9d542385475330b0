// Removes one check at a time from a copy of the contracts and shows which named test turns red; writes docs/mutations.md.
// `node mutations.mjs NAME…` runs only these and renews their rows.
import {readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {forge, here, project} from './forge.mjs';

// Each: what it is called, what is removed, the file, the text and what takes its place, the test that must turn red.
const mutations = [
    ['I1', 'a refused payout is not counted as one', 'RoyaltyDistributor', 'cursor.failedSum += units;', '', 'invariant_I1_conservation'],
    ['I2', 'funding is not compared with what arrived', 'RoyaltyDistributor', 'if (held < before || held - before != total) {', 'if (false) {', 'invariant_I2_solvency', ['if (held < committed[token]) revert Insolvent(token, committed[token], held);\n    }\n\n    /// @dev Who may push', '}\n\n    /// @dev Who may push']],
    ['I3', 'a batch may execute again', 'RoyaltyDistributor', 'if (executed & mark != 0) revert AlreadyExecuted(cursor.id, index);', '', 'invariant_I3_onceOnly'],
    ['I4', 'the last batch need not reach the total', 'RoyaltyDistributor', 'if (last && cursor.sum != left) revert TotalNotReached(cursor.id, cursor.sum, left);', 'last;', 'invariant_I4_totals'],
    ['I5', 'an id may be anchored again', 'RoyaltyDistributor', 'if (distribution.state != State.UNKNOWN) revert AlreadyAnchored(anchor.id, distribution.state);', '', 'invariant_I5_anchoredOnce'],
    ['I6', 'a token that answers false counts as paid', 'RoyaltyDistributor', 'if or(iszero(done), returndatasize()) {', 'if iszero(done) {', 'invariant_I6_exactly'],
    ['I7', 'a refused payee reverts its batch', 'RoyaltyDistributor', 'if (refused) {\n            cursor.failedSum', 'if (refused && !frozen) revert BadEntry(0, payee, units);\n        if (refused) {\n            cursor.failedSum', 'invariant_I7_isolation'],
    ['I8', 'a pause does not stop payouts', 'PolicyGuard', 'requireUnpaused();\n        bytes32 evidenceHash', 'bytes32 evidenceHash', 'invariant_I8_stopped'],
    ['I9', 'a grant outlives the owner who gave it', 'StoreRegistry', ' && granted.epoch == epoch', '', 'invariant_I9_epochs'],
    ['I10', 'a version need not follow its predecessor', 'RoutingRuleRegistry', 'if (version != newest + 1) revert NotNextVersion(storeId, newest + 1, version);', '', 'invariant_I10_appendOnly'],
    ['I11', 'recovery goes to any destination', 'RoyaltyDistributor', 'if (account == address(this) || !guard.isDestination(account)) revert NotADestination(account);', 'account;', 'invariant_I11_payeesOnly'],
    ['proof', 'a batch need not have been anchored', 'RoyaltyDistributor', 'if (!MerkleProof.verifyCalldata(proof, distribution.root, leaf)) revert NotAnchoredBatch(id, index, leaf);', 'proof; leaf; index;', 'testFuzz_noOtherContentExecutes'],
    ['chain', 'a leaf of another chain passes', 'RoyaltyDistributor', 'abi.encode(block.chainid, address(this), id, index, keccak256(packed))', 'abi.encode(block.chainid + 1, address(this), id, index, keccak256(packed))', 'test_refusesForeignProofs'],
    ['overflow', 'the batches may exceed the total', 'RoyaltyDistributor', 'if (cursor.sum > left) revert TotalExceeded(cursor.id, cursor.sum, left);', 'if (cursor.sum > left) cursor.sum = left;', 'test_refusesBatchesThatDoNotSumToTheTotal'],
    ['rule', 'a rule need not have been in force', 'RoyaltyDistributor', 'if (!rules.wasInForce(anchor.storeId, anchor.ruleHash, anchor.recordPoint)) {', 'if (false) {', 'test_badAnchor'],
    ['gas', 'a low gas limit fails a payout', 'RoyaltyDistributor', 'or(and(shr(and(payee, 0xff), filter), 1), lt(gas(), GAS_FLOOR))', 'and(shr(and(payee, 0xff), filter), 1)', 'test_noGasLimitTurnsAPaymentIntoAFailure'],
    ['frozen', 'a frozen payee withdraws', 'RoyaltyDistributor', 'if (isFrozen[payee]) revert PayeeFrozen(payee);', '', 'test_creditsFrozenPayeesAndRefusesTheirWithdrawal'],
    ['cancel', 'a distribution is cancelled after its first batch', 'RoyaltyDistributor', 'if (distribution.executed != 0) revert PartlyExecuted(id, distribution.executed);', '', 'test_cancelsOnlyBeforeTheFirstBatchAndToAListedDestination'],
    ['lapse', 'anyone pushes at any time', 'RoyaltyDistributor', 'if (!hasRole(OPERATOR_ROLE, msg.sender)) revert NotOperator(msg.sender);', '', 'test_anyonePushesOnceTheHeartbeatLapses'],
    ['cap', 'a cap is not kept', 'PolicyGuard', 'if (used + units > cap.units) revert CapExceeded(storeId, token, used, units, cap.units);', '', 'testFuzz_neverMoreThanTheCapInAPeriod'],
    ['code', 'a token may change its code', 'PolicyGuard', 'if (token.codehash != pin.codeHash) revert TokenCodeChanged(token, pin.codeHash, token.codehash);', '', 'test_refusesTokensThatAreNotWhatWasListed'],
    ['delay', 'a cap is in force at once', 'PolicyGuard', 'if (block.timestamp < next.from) revert NotYet(next.from);', '', 'test_raisingACapWaitsLoweringDoesNot'],
    ['retroactive', 'a rule reaches back', 'RoutingRuleRegistry', 'if (effectiveFrom < block.timestamp) revert Retroactive(effectiveFrom, block.timestamp);', '', 'RoutingRuleRegistryTest:test_refusals'],
    ['title', 'an owner passes title by itself', 'StoreRegistry', 'if (!hasRole(DEFAULT_ADMIN_ROLE, caller)) revert TitlePassesByAdminOnly(storeId, caller);', 'if (caller != _ownerOf(storeId) && !hasRole(DEFAULT_ADMIN_ROLE, caller)) revert TitlePassesByAdminOnly(storeId, caller);', 'test_titlePassesByTheAdminOnly'],
    ['mint', 'a transfer from nobody registers a store', 'StoreRegistry', '            _requireOwned(storeId);\n            if (!hasRole', '            if (_ownerOf(storeId) != address(0) && !hasRole', 'test_titlePassesByTheAdminOnly'],
    ['threshold', 'any proposal passes by a majority', 'HoldersDao', 'return inFavour > against && (!_twoThirds[proposalId] || inFavour * 3 >= (inFavour + against) * 2);', 'return inFavour > against;', 'test_underTwoThirdsNoTransfer'],
    ['mixed', 'a mixed proposal takes the first threshold', 'HoldersDao', 'for (uint256 i; i < targets.length; ++i) {', 'for (uint256 i; i < 1; ++i) {', 'test_aMixedProposalTakesTheHigher'],
    ['excluded', 'excluded holders vote', 'RoyaltyToken', 'return _exclusions[account].upperLookupRecent(past) != 0 ? 0 : _balances[account].upperLookupRecent(past);', 'return _balances[account].upperLookupRecent(past);', 'test_excludedHoldersHaveNoVotes'],
    ['recovery', 'one person recovers a wallet', 'RoyaltyToken', 'if (recovery.proposer == msg.sender) revert SamePerson(msg.sender);', '', 'test_onePersonWithBothRolesCannotRecover'],
    ['growth', 'a missed target releases all the same', 'RoyaltyLocks', '_grew(before, revenue, reviewed.terms.growthBps) ? _tranche(reviewed) : 0', '_tranche(reviewed)', 'test_growthIsComparedByIntegers'],
];

const only = process.argv.slice(2);
const chosen = only.length === 0 ? mutations : mutations.filter(([name]) => only.includes(name));
// Its own folder, so that what forge has compiled of the true sources stays valid.
const folder = resolve(here, '../../../target/forge-mutations');
const rows = [];
let survived = 0;

const env = {FOUNDRY_DYNAMIC_TEST_LINKING: 'true', FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT: '0'};
const method = (test) => test.split(':').at(-1);

// Unmutated, every named test is green: red is the mutation's doing.
project(folder);
const names = [...new Set(chosen.map((mutation) => method(mutation[5])))];
const baseline = forge(folder, ['test', '--match-test', names.map((name) => `^${name}$|^${name}\\(`).join('|'), '--json'], {env: {...env, FOUNDRY_INVARIANT_RUNS: '16'}});
if (baseline.status !== 0) {
    console.error(`Not green without a mutation:\n${baseline.stdout.slice(0, 2000)}\n${baseline.stderr.slice(0, 2000)}`);
    process.exit(1);
}

for (const [name, removed, contract, from, to, test, also] of chosen) {
    project(folder);
    const file = join(folder, 'src', `${contract}.sol`);
    let text = readFileSync(file, 'utf8');
    for (const [found, replaced] of [[from, to], ...(also ? [also] : [])]) {
        if (text.split(found).length !== 2) throw new Error(`${name}: not exactly once in ${contract}.sol: ${found}`);
        text = text.replace(found, () => replaced);
    }
    writeFileSync(file, text);
    const suite = test.includes(':') ? ['--match-contract', test.split(':')[0]] : [];
    const named = method(test);
    const run = forge(folder, ['test', '--match-test', `^${named}$|^${named}\\(`, ...suite, '--json'], {env});
    const red = run.status !== 0 && run.stdout.includes('"status":"Failure"');
    if (!red) survived++;
    console.log(`${red ? 'red     ' : 'SURVIVED'} ${name}: ${removed} -> ${named}`);
    if (!red) console.error(run.stderr.slice(-2000), run.stdout.slice(-500));
    rows.push(`| ${name} | ${contract} | ${removed} | \`${named}\` | ${red ? 'red' : '**survived**'} |`);
}

const docs = resolve(here, '../../../../docs/mutations.md');
const table = only.length === 0 ? rows : readFileSync(docs, 'utf8').split('\n').filter((line) => /^\| (?!name)\w/.test(line))
    .map((line) => rows.find((row) => row.split('|')[1] === line.split('|')[1]) ?? line);
writeFileSync(docs, `# Mutations: what a removed check turns red

Made by \`npm run mutations\` in \`settlement-engine/src/main/solidity\`; do not edit. Each row removes one check from a copy of a contract
(mutations.mjs has the texts) and runs the named test alone, which is green without. I1 to I11 are the invariants of CHAIN 5, each by its own
invariant test. I2 removes the solvency test at anchoring with it, which would otherwise catch the same short funding a line later.

| name | contract | without the check | test | result |
|---|---|---|---|---|
${table.join('\n')}
`);
project(folder);
console.log(`${chosen.length - survived} passed, ${survived} failed`);
process.exit(survived === 0 ? 0 : 1);

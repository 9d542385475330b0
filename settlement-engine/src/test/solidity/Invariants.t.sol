// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PolicyGuard} from "../src/PolicyGuard.sol";
import {RoyaltyDistributor} from "../src/RoyaltyDistributor.sol";
import {Fixture} from "./Fixture.t.sol";
import {MoodyToken} from "./MoodyToken.sol";

/// @dev Does what operator, payees, compliance, guardians, the admin, a hostile token and a stranger may do, in any order,
/// and keeps its own books of it. What must never be is noted in a flag when it is seen.
contract DistributorHandler is Fixture {
    uint256 private constant PAYEES = 8;
    uint256 private constant MOST = 24;

    MoodyToken public token;
    bytes32[] public ids;
    mapping(bytes32 id => uint256 seed) private _seeds;
    mapping(bytes32 id => uint256 batches) private _batches;

    uint256 public funded;
    uint256 public refunded;
    uint256 public withdrawnByTreasury;
    uint256 public donated;
    mapping(address payee => uint256 units) public due; // what executed batches say, less what was reassigned
    mapping(bytes32 id => mapping(uint256 index => uint256 times)) public executions;

    bool public anchoredTwice;
    bool public held; // a payee got neither or both
    bool public heldUpOthers;
    bool public outflowWhileStopped;
    bool public paidAStranger;
    bool public unexpectedRefusal;
    bool public feeAccepted;

    constructor() {
        deploy();
        token = new MoodyToken();
        open(address(token));
    }

    // ---- what tests read

    function idCount() external view returns (uint256) {
        return ids.length;
    }

    function batchesOf(bytes32 id) external view returns (uint256) {
        return _batches[id];
    }

    function distributor_() external view returns (RoyaltyDistributor) {
        return distributor;
    }

    function payee(uint256 n) public pure returns (address) {
        return payeeAt(n % PAYEES);
    }

    function payees() external pure returns (uint256) {
        return PAYEES;
    }

    function treasury() external pure returns (address) {
        return TREASURY;
    }

    // ---- what happens

    function anchor(uint256 seed) external {
        if (ids.length >= MOST) return;
        uint256 batches = 1 + seed % 3;
        bytes32 id = keccak256(abi.encode("invariant", ids.length));
        (bytes32[] memory leaves, uint256 total) = _leaves(id, seed, batches);
        if (seed >> 64 != 0 && (seed >> 64) % 6 == 0) total += 1; // an operator's mistake: never completes
        if (seed >> 64 != 0 && (seed >> 64) % 6 == 1) total -= 1; // and its twin
        RoyaltyDistributor.Anchor memory terms = anchorOf(id, rootOf(leaves), address(token), total, batches);
        uint256 before = token.balanceOf(address(distributor));
        vm.prank(OPERATOR);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.anchorDistribution, (terms)));
        if (!done) return;
        if (guard.paused() || guard.breachOf(STORE) != 0) outflowWhileStopped = true;
        if (token.feeBps() != 0 && token.balanceOf(address(distributor)) - before < total) feeAccepted = true;
        ids.push(id);
        (_seeds[id], _batches[id]) = (seed, batches);
        funded += total;
    }

    function anchorAgain(uint256 which, uint256 seed) external {
        if (ids.length == 0) return;
        bytes32 id = ids[which % ids.length];
        RoyaltyDistributor.Anchor memory terms = anchorOf(id, keccak256(abi.encode(seed)), address(token), 1 + seed % 9, 1);
        vm.prank(OPERATOR);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.anchorDistribution, (terms)));
        if (done) anchoredTwice = true;
    }

    function execute(uint256 which, uint256 index) external {
        if (ids.length == 0) return;
        bytes32 id = ids[which % ids.length];
        index %= _batches[id];
        bytes memory packed = _packed(id, _seeds[id], index);
        bool wasExecuted = distributor.isExecuted(id, index);
        (uint256[] memory balances, uint256[] memory owed) = _standing();
        uint256 pot = token.balanceOf(address(distributor));
        (bool done, bytes memory answer) = _push(id, index, packed);
        if (!done) {
            _judgeRefusal(id, wasExecuted, answer);
            return;
        }
        executions[id][index] += 1;
        if (guard.paused() || guard.breachOf(STORE) != 0) outflowWhileStopped = true;
        if (pot < token.balanceOf(address(distributor))) held = true;
        _judgeBatch(packed, balances, owed);
    }

    function withdraw(uint256 n) external {
        bool stopped = guard.paused() || distributor.isFrozen(payee(n));
        uint256 before = token.balanceOf(payee(n));
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.withdrawOwed, (address(token), payee(n))));
        if (done && stopped) outflowWhileStopped = true;
        if (!done && token.balanceOf(payee(n)) != before) held = true;
    }

    function setMood(uint256 n, uint256 mood) external {
        // A token that answers yes and moves nothing is not among the moods: no list can hold one to account.
        token.setMood(payee(n), MoodyToken.Mood(mood % 8));
    }

    function setFee(uint256 seed) external {
        token.setFee(seed % 8 == 0 ? 100 : 0);
    }

    function setFrozen(uint256 n, bool frozen) external {
        vm.prank(COMPLIANCE);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.setFrozen, (payee(n), frozen)));
        done;
    }

    function stopOrStart(uint256 seed) external {
        if (guard.paused() || guard.breachOf(STORE) != 0) {
            vm.startPrank(ADMIN);
            if (guard.paused()) guard.unpause();
            if (guard.breachOf(STORE) != 0) guard.clearBreach(STORE);
            vm.stopPrank();
        } else if (seed % 4 == 0) {
            vm.prank(GUARDIAN);
            guard.pause();
        } else if (seed % 4 == 1) {
            vm.prank(MONITOR);
            guard.reportBreach(STORE, keccak256("evidence"));
        }
    }

    function donate(uint256 seed) external {
        token.mint(address(distributor), seed % 100);
        donated += seed % 100;
    }

    function cancel(uint256 which, bool toAStranger) external {
        if (ids.length == 0) return;
        bytes32 id = ids[which % ids.length];
        address to = toAStranger ? STRANGER : TREASURY;
        uint256 left = distributor.distributionState(id).total - distributor.distributionState(id).paid;
        bool stopped = guard.paused() || guard.breachOf(STORE) != 0;
        vm.prank(ADMIN);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.cancelDistribution, (id, to)));
        if (!done) return;
        if (stopped) outflowWhileStopped = true;
        refunded += left;
        if (toAStranger) paidAStranger = true;
    }

    function close(uint256 which, bool toAStranger) external {
        if (ids.length == 0) return;
        bytes32 id = ids[which % ids.length];
        address to = toAStranger ? STRANGER : TREASURY;
        RoyaltyDistributor.Distribution memory state = distributor.distributionState(id);
        bool stopped = guard.paused() || guard.breachOf(STORE) != 0;
        vm.prank(ADMIN);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.closeDistribution, (id, to)));
        if (!done) return;
        if (stopped) outflowWhileStopped = true;
        refunded += state.total - state.paid;
        if (toAStranger) paidAStranger = true;
    }

    function reassign(uint256 n, bool toAStranger) external {
        address to = toAStranger ? STRANGER : TREASURY;
        uint256 units = distributor.owed(address(token), payee(n));
        vm.prank(ADMIN);
        (bool done,) =
            address(distributor).call(abi.encodeCall(distributor.reassignOwed, (address(token), payee(n), to)));
        if (!done) return;
        due[payee(n)] -= units;
        due[TREASURY] += units;
        if (toAStranger) paidAStranger = true;
    }

    function withdrawForTreasury() external {
        uint256 units = distributor.owed(address(token), TREASURY);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.withdrawOwed, (address(token), TREASURY)));
        if (done) withdrawnByTreasury += units;
    }

    function recoverSurplus(bool toAStranger) external {
        address to = toAStranger ? STRANGER : TREASURY;
        vm.prank(ADMIN);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.recoverSurplus, (address(token), to)));
        if (done && toAStranger) paidAStranger = true;
    }

    function attack(uint256 which, uint256 units) external {
        if (ids.length == 0) return;
        bytes32 id = ids[which % ids.length];
        bytes memory packed = entry(STRANGER, 1 + units % 50);
        uint256 before = token.balanceOf(address(distributor));
        vm.prank(OPERATOR); // even the operator
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.executeBatch, (id, 0, onlyProof(), packed)));
        if (done || token.balanceOf(address(distributor)) != before) paidAStranger = true;
    }

    function wait_(uint256 time) external {
        vm.warp(block.timestamp + time % 40 days);
        vm.prank(OPERATOR);
        guard.heartbeat();
    }

    // ---- inside

    function _push(bytes32 id, uint256 index, bytes memory packed) private returns (bool, bytes memory) {
        (bytes32[] memory leaves,) = _leaves(id, _seeds[id], _batches[id]);
        bytes memory call = abi.encodeCall(distributor.executeBatch, (id, index, proofOf(leaves, index), packed));
        vm.prank(OPERATOR);
        return address(distributor).call(call);
    }

    /// @dev An anchored batch may be refused for these reasons only; none has to do with a payee.
    function _judgeRefusal(bytes32 id, bool wasExecuted, bytes memory answer) private {
        bytes4 reason = bytes4(answer);
        if (guard.paused() || guard.breachOf(STORE) != 0 || wasExecuted) return;
        if (distributor.distributionState(id).state != RoyaltyDistributor.State.OPEN) return;
        if (reason == RoyaltyDistributor.TotalExceeded.selector) return;
        if (reason == RoyaltyDistributor.TotalNotReached.selector) return;
        heldUpOthers = true;
    }

    function _judgeBatch(bytes memory packed, uint256[] memory balances, uint256[] memory owed) private {
        uint256[] memory units = new uint256[](PAYEES);
        for (uint256 i; i < packed.length / 32; ++i) {
            uint256 word;
            assembly {
                word := mload(add(add(packed, 0x20), mul(i, 0x20)))
            }
            for (uint256 n; n < PAYEES; ++n) if (payeeAt(n) == address(uint160(word >> 96))) units[n] += uint96(word);
        }
        for (uint256 n; n < PAYEES; ++n) {
            address one = payeeAt(n);
            due[one] += units[n];
            uint256 received = token.balanceOf(one) - balances[n];
            uint256 credited = distributor.owed(address(token), one) - owed[n];
            if (token.feeBps() == 0 && received + credited != units[n]) held = true;
            if (received != 0 && credited != 0) held = true;
            MoodyToken.Mood mood = token.moodOf(one);
            bool payable_ = mood == MoodyToken.Mood.PAYS || mood == MoodyToken.Mood.ANSWERS_NOTHING
                || mood == MoodyToken.Mood.CALLS;
            if (units[n] != 0 && payable_ && !distributor.isFrozen(one) && received == 0) heldUpOthers = true;
        }
    }

    function _standing() private view returns (uint256[] memory balances, uint256[] memory owed) {
        (balances, owed) = (new uint256[](PAYEES), new uint256[](PAYEES));
        for (uint256 n; n < PAYEES; ++n) {
            balances[n] = token.balanceOf(payeeAt(n));
            owed[n] = distributor.owed(address(token), payeeAt(n));
        }
    }

    function _leaves(bytes32 id, uint256 seed, uint256 batches)
        private
        view
        returns (bytes32[] memory leaves, uint256 total)
    {
        leaves = new bytes32[](batches);
        for (uint256 i; i < batches; ++i) {
            bytes memory packed = _packed(id, seed, i);
            leaves[i] = leafOf(id, i, packed);
            for (uint256 e; e < packed.length / 32; ++e) total += _amount(seed, i, e);
        }
    }

    /// @dev Two to five payees in a row, each once.
    function _packed(bytes32, uint256 seed, uint256 index) private pure returns (bytes memory packed) {
        uint256 count = 2 + (seed >> 8) % 4;
        for (uint256 e; e < count; ++e) {
            packed = bytes.concat(packed, entry(payeeAt((seed / 7 + index + e) % PAYEES), _amount(seed, index, e)));
        }
    }

    function _amount(uint256 seed, uint256 index, uint256 e) private pure returns (uint256) {
        return 100 + uint256(keccak256(abi.encode(seed, index, e))) % 1e9;
    }
}

/// @dev CHAIN 5's invariants I1 to I8 and I11, each under its number.
contract DistributorInvariants is Fixture {
    DistributorHandler private handler;
    MoodyToken private token;

    function setUp() public {
        handler = new DistributorHandler();
        distributor = handler.distributor_();
        token = handler.token();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function owedSum() private view returns (uint256 sum) {
        for (uint256 n; n < handler.payees(); ++n) sum += distributor.owed(address(token), handler.payee(n));
        sum += distributor.owed(address(token), handler.treasury());
        sum += distributor.owed(address(token), STRANGER);
    }

    function undistributed() private view returns (uint256 sum) {
        for (uint256 i; i < handler.idCount(); ++i) {
            RoyaltyDistributor.Distribution memory one = distributor.distributionState(handler.ids(i));
            if (one.state == RoyaltyDistributor.State.OPEN) sum += one.total - one.paid;
        }
    }

    /// Paid out + owed + undistributed + refunded = funded, and `committed` says just what is owed and undistributed.
    function invariant_I1_conservation() external view {
        uint256 executed;
        for (uint256 n; n < handler.payees(); ++n) executed += handler.due(handler.payee(n));
        executed += handler.due(handler.treasury());
        same(executed + undistributed() + handler.refunded(), handler.funded(), "I1");
        same(distributor.committed(address(token)), owedSum() + undistributed(), "I1 committed");
    }

    /// The balance covers what is owed and what is undistributed.
    function invariant_I2_solvency() external view {
        yes(token.balanceOf(address(distributor)) >= owedSum() + undistributed(), "I2");
        no(handler.feeAccepted(), "I2: short funding");
    }

    /// Each (id, index) executes at most once.
    function invariant_I3_onceOnly() external view {
        for (uint256 i; i < handler.idCount(); ++i) {
            bytes32 id = handler.ids(i);
            for (uint256 b; b < handler.batchesOf(id); ++b) yes(handler.executions(id, b) <= 1, "I3");
        }
    }

    /// paid <= total, and paid = total once all batches have executed.
    function invariant_I4_totals() external view {
        for (uint256 i; i < handler.idCount(); ++i) {
            RoyaltyDistributor.Distribution memory one = distributor.distributionState(handler.ids(i));
            yes(one.paid <= one.total, "I4");
            if (one.executed == (uint64(1) << one.batches) - 1) same(one.paid, one.total, "I4 complete");
        }
    }

    /// An id is never anchored again.
    function invariant_I5_anchoredOnce() external view {
        no(handler.anchoredTwice(), "I5");
    }

    /// A payee in a batch receives or is credited exactly its amount, never both, never neither.
    function invariant_I6_exactly() external view {
        no(handler.held(), "I6");
    }

    /// A failing payee changes no other payee's result.
    function invariant_I7_isolation() external view {
        no(handler.heldUpOthers(), "I7");
    }

    /// Paused or locked: no outflow.
    function invariant_I8_stopped() external view {
        no(handler.outflowWhileStopped(), "I8");
    }

    /// No path sends funds to a non-payee, except timelocked recovery to a listed destination.
    function invariant_I11_payeesOnly() external view {
        no(handler.paidAStranger(), "I11");
        same(token.balanceOf(STRANGER), 0, "I11 stranger");
        same(distributor.owed(address(token), STRANGER), 0, "I11 owed to a stranger");
    }
}

/// @dev Owners, grants and passings of title in any order.
contract StoreHandler is Fixture {
    bytes32 private constant SLOT = keccak256("slot");
    address[3] private _owners = [MERCHANT, ADMIN, address(0x7777)];
    address[3] private _grantees = [address(0x61), address(0x62), address(0x63)];
    mapping(address grantee => uint64 epoch) private _grantedIn;
    bool public staleRelease;

    constructor() {
        deploy();
    }

    function sealNext(uint256 seed) external {
        address owner = registry.ownerOf(STORE);
        uint64 version = registry.credentialOf(STORE, SLOT).version;
        vm.prank(owner);
        registry.seal(STORE, SLOT, version + 1, keccak256(abi.encode(seed % 3)));
        check();
    }

    function grant(uint256 n) external {
        address owner = registry.ownerOf(STORE);
        address grantee = _grantees[n % 3];
        vm.prank(owner);
        (bool done,) = address(registry).call(
            abi.encodeCall(registry.grant, (STORE, SLOT, grantee, uint64(block.timestamp + 365 days)))
        );
        if (done) _grantedIn[grantee] = registry.epochOf(STORE);
        check();
    }

    function revoke(uint256 n) external {
        address owner = registry.ownerOf(STORE);
        vm.prank(owner);
        (bool done,) =
            address(registry).call(abi.encodeCall(registry.revoke, (STORE, SLOT, _grantees[n % 3])));
        if (done) _grantedIn[_grantees[n % 3]] = 0;
        check();
    }

    function passTitle(uint256 n) external {
        address owner = registry.ownerOf(STORE);
        vm.prank(ADMIN);
        registry.transferFrom(owner, _owners[n % 3], STORE);
        check();
    }

    function check() public {
        bytes32 envelope = registry.credentialOf(STORE, SLOT).envelopeHash;
        for (uint256 i; i < 3; ++i) {
            bool releasable = registry.canRelease(STORE, SLOT, _grantees[i], envelope);
            if (releasable && _grantedIn[_grantees[i]] != registry.epochOf(STORE)) staleRelease = true;
        }
    }
}

contract StoreInvariants is Fixture {
    StoreHandler private handler;

    function setUp() public {
        handler = new StoreHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// After a passing of title no grant from before it is valid.
    function invariant_I9_epochs() external view {
        no(handler.staleRelease(), "I9");
    }
}

/// @dev Anchors right and wrong versions, days and hashes, and remembers every row that was accepted.
contract RuleHandler is Fixture {
    struct Row {
        uint32 version;
        bytes32 hash;
        uint48 from;
    }

    Row[] public rows;

    constructor() {
        deploy();
        rows.push(Row(1, RULE, 20_001 days));
    }

    function count() external view returns (uint256) {
        return rows.length;
    }

    function rule(uint256 i) external view returns (uint32 version, bytes32 hash, uint48 from, uint48 until) {
        bytes32 stored = rows[i].hash;
        version = rules.ruleOf(STORE, stored).version;
        hash = rules.hashOf(STORE, rows[i].version);
        from = rules.ruleOf(STORE, stored).from;
        until = rules.ruleOf(STORE, stored).until;
    }

    function newest() external view returns (uint32) {
        return rules.versions(STORE);
    }

    function anchor(uint256 seed, uint8 step, uint8 day, bool oldHash) external {
        uint32 version = uint32(rules.versions(STORE) + step % 3);
        bytes32 hash = oldHash ? rows[seed % rows.length].hash : keccak256(abi.encode(seed, rows.length));
        uint48 from = uint48((block.timestamp / 1 days + day % 6) * 1 days);
        vm.prank(RULER);
        (bool done,) = address(rules).call(abi.encodeCall(rules.anchor, (STORE, version, hash, from)));
        if (done) rows.push(Row(version, hash, from));
    }

    function wait_(uint256 time) external {
        vm.warp(block.timestamp + time % 3 days);
    }
}

contract RuleInvariants is Fixture {
    RuleHandler private handler;

    function setUp() public {
        handler = new RuleHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// Rows are only added, versions go up by exactly one, and a row once accepted reads the same for ever.
    function invariant_I10_appendOnly() external view {
        same(handler.newest(), handler.count(), "I10 no gap, no repeat");
        uint48 before;
        for (uint256 i; i < handler.count(); ++i) {
            (uint32 version, bytes32 hash, uint48 from) = handler.rows(i);
            (uint32 storedVersion, bytes32 storedHash, uint48 storedFrom, uint48 until) = handler.rule(i);
            same(version, i + 1, "I10 version");
            same(storedVersion, version, "I10 stored version");
            same(storedHash, hash, "I10 hash");
            same(storedFrom, from, "I10 from");
            yes(from >= before && until >= from, "I10 order");
            before = from;
        }
    }
}

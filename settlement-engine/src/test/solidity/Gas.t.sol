// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoyaltyDistributor} from "../src/RoyaltyDistributor.sol";
import {Fixture, Mintable} from "./Fixture.t.sol";
import {NaiveLoop} from "./NaiveLoop.sol";
import {Purse} from "./Purse.t.sol";
import {PlainToken} from "./PlainToken.sol";
import {UsdcShapedLogic} from "./UsdcShapedLogic.sol";
import {UsdcShapedProxy} from "./UsdcShapedProxy.sol";

/// @dev Gas of whole transactions (intrinsic gas and calldata included, refunds taken off), every call with cold storage.
/// Each number is pinned in gas-pins.json within 1 %; `npm run gas` measures anew and writes pins and docs/gas.md.
contract GasTest is Fixture {
    uint256 private constant BATCH = 500;
    uint256 private constant BIG_BATCH = 1_000;
    uint256 private constant TX_LIMIT = 1 << 24; // EIP-7825
    bool private _measuring;
    uint256 private _next;
    address private _token;
    NaiveLoop private _naive;
    Purse private _purse;

    function setUp() public {
        _measuring = vm.envOr("GAS_MEASURE", false);
        deploy();
        (_naive, _purse) = (new NaiveLoop(), new Purse());
    }

    // ---- the tables of docs/gas.md

    function test_gas_plain_warm() public {
        _usePlain();
        _table("plain.warm", true);
    }

    function test_gas_plain_zero() public {
        _usePlain();
        _table("plain.zero", false);
    }

    function test_gas_usdc_warm() public {
        _useUsdc();
        _table("usdc.warm", true);
    }

    function test_gas_usdc_zero() public {
        _useUsdc();
        _table("usdc.zero", false);
    }

    function test_gas_breakEven() public {
        _usePlain();
        uint256[4] memory counts = [uint256(50), 100, 150, 200];
        for (uint256 i; i < 4; ++i) {
            _pin(_key("breakeven.naive", counts[i]), _naiveRun(counts[i], true) / counts[i]);
            _pin(_key("breakeven.fused", counts[i]), _fusedRun(counts[i], true) / counts[i]);
            _pin(_key("breakeven.fusedpage", counts[i]), _fusedPageRun(counts[i], true) / counts[i]);
        }
    }

    // ---- the single calls

    function test_gas_anchor() public {
        _usePlain();
        _fusedRun(1, true); // the token's and the cap's slots are no longer new
        uint256 used = _anchorList(keccak256("anchor"), 1, 0, 10);
        yes(used <= 160_000, "anchoring within 160 k");
        _pin("anchor", used);
    }

    function test_gas_biggestTransactions() public {
        _useUsdc();
        (uint256 used, uint256 biggest) = _listRun(BATCH, BATCH, false);
        used;
        yes(biggest <= 13_500_000, "500 new holders within 13.5 M");
        yes(biggest + distributor.GAS_FLOOR() <= TX_LIMIT, "and within a transaction");
        _pin("largest.usdc.zero.500", biggest);
        (used, biggest) = _pageRun(BIG_BATCH, BIG_BATCH, true);
        yes(biggest + distributor.GAS_FLOOR() <= TX_LIMIT, "1000 known holders in one transaction");
        _pin("largest.usdc.warm.1000", biggest);
    }

    function test_gas_withdrawOwed() public {
        _useUsdc();
        UsdcShapedLogic(_token).setBlacklisted(payeeAt(0), true);
        (bytes memory packed, uint256 sum) = listOf(0, 2);
        Mintable(_token).mint(payeeAt(0), 1);
        anchorOne(keccak256("owed"), _token, packed, sum);
        execute(keccak256("owed"), packed);
        UsdcShapedLogic(_token).setBlacklisted(payeeAt(0), false);
        uint256 used =
            _measure(address(this), address(distributor), abi.encodeCall(distributor.withdrawOwed, (_token, payeeAt(0))));
        yes(used <= 75_000, "withdrawal");
        _pin("withdrawOwed", used);
    }

    function test_gas_stores() public {
        bytes32 slot = keccak256("slot");
        _pin("seal.first", _measure(MERCHANT, address(registry), abi.encodeCall(registry.seal, (STORE, slot, 1, RULE))));
        _pin("seal.next", _measure(MERCHANT, address(registry), abi.encodeCall(registry.seal, (STORE, slot, 2, RULE))));
        uint64 until = uint64(block.timestamp + 1 days);
        uint256 used = _measure(
            MERCHANT, address(registry), abi.encodeCall(registry.grant, (STORE, slot, STRANGER, until))
        );
        yes(used <= 60_000, "grant");
        _pin("grant", used);
        used = _measure(MERCHANT, address(registry), abi.encodeCall(registry.revoke, (STORE, slot, STRANGER)));
        _pin("revoke", used);
        used = _measure(ADMIN, address(registry), abi.encodeCall(registry.transferFrom, (MERCHANT, ADMIN, STORE)));
        yes(used <= 85_000, "passing title");
        _pin("transfer", used);
    }

    function test_gas_rules() public {
        bytes memory call = abi.encodeCall(rules.anchor, (STORE, 2, keccak256("2"), uint48(20_005 days)));
        _pin("rule", _measure(RULER, address(rules), call));
        call = abi.encodeCall(rules.anchorSeal, (1, keccak256("seal")));
        _pin("seal.events.first", _measure(SEALER, address(rules), call));
        call = abi.encodeCall(rules.anchorSeal, (2, keccak256("seal 2")));
        _pin("seal.events.next", _measure(SEALER, address(rules), call));
    }

    // ---- runs

    function _usePlain() private {
        _token = address(new PlainToken(6));
        open(_token);
        _settle();
    }

    function _useUsdc() private {
        _token = address(new UsdcShapedProxy(address(new UsdcShapedLogic())));
        open(_token);
        _settle();
    }

    /// @dev Slots that exist after a first distribution do so before what is measured.
    function _settle() private {
        vm.prank(OPERATOR);
        Mintable(_token).approve(address(_naive), type(uint256).max);
        Mintable(_token).mint(address(distributor), 1);
        Mintable(_token).mint(OPERATOR, 1e24);
        _next = 1_000_000;
        (bytes memory packed, uint256 sum) = listOf(_next++, 1);
        anchorOne(keccak256("settle"), _token, packed, sum);
        // Not executed: what is committed stays above zero, as with other stores' distributions under way.
    }

    function _table(string memory name, bool warm) private {
        uint256[5] memory counts = [uint256(10), 100, 500, 1_000, 10_000];
        for (uint256 i; i < 5; ++i) {
            uint256 count = counts[i];
            _pin(_key(string.concat(name, ".naive"), count), _naiveRun(count, warm) / count);
            if (count <= BATCH) _pin(_key(string.concat(name, ".fused"), count), _fusedRun(count, warm) / count);
            if (count <= (warm ? BIG_BATCH : BATCH)) {
                _pin(_key(string.concat(name, ".fusedpage"), count), _fusedPageRun(count, warm) / count);
            }
            (uint256 used,) = _listRun(count, BATCH, warm);
            _pin(_key(string.concat(name, ".list"), count), used / count);
            (used,) = _pageRun(count, warm ? BIG_BATCH : BATCH, warm);
            _pin(_key(string.concat(name, ".page"), count), used / count);
        }
    }

    /// @dev Gives every payee of the run a balance, or takes new ones.
    function _payees(uint256 count, bool warm) private returns (uint256 first) {
        first = _next;
        _next += count;
        if (!warm) return first;
        _purse.fill(_token, first, count);
    }

    function _naiveRun(uint256 count, bool warm) private returns (uint256 used) {
        uint256 first = _payees(count, warm);
        for (uint256 from; from < count; from += BATCH) {
            uint256 size = count - from < BATCH ? count - from : BATCH;
            address[] memory to = new address[](size);
            uint256[] memory units = new uint256[](size);
            for (uint256 i; i < size; ++i) (to[i], units[i]) = (payeeAt(first + from + i), 1001 + i);
            used += _measure(OPERATOR, address(_naive), abi.encodeCall(_naive.pay, (_token, to, units)));
        }
    }

    function _fusedRun(uint256 count, bool warm) private returns (uint256) {
        uint256 first = _payees(count, warm);
        (bytes memory packed, uint256 sum) = listOf(first, count);
        bytes32 id = keccak256(abi.encode("fused", first));
        RoyaltyDistributor.Anchor memory anchor = anchorOf(id, leafOf(id, 0, packed), _token, sum, 1);
        return _measure(OPERATOR, address(distributor), abi.encodeCall(distributor.anchorAndExecute, (anchor, packed)));
    }

    function _fusedPageRun(uint256 count, bool warm) private returns (uint256) {
        PageRun memory run;
        (run.first, run.count, run.batch) = (_payees(count, warm), count, count);
        run.id = keccak256(abi.encode("fused page", run.first));
        (run.leaves, run.pages) = (new bytes32[](1), new address[](1));
        _writePage(run, 0);
        (, bytes memory amounts,) = _pageOf(run, 0);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(run.id, run.leaves[0], _token, run.sum, 1);
        bytes memory call = abi.encodeCall(distributor.anchorAndExecutePage, (anchor, run.pages[0], 5, amounts));
        return _measure(OPERATOR, address(distributor), call);
    }

    function _listRun(uint256 count, uint256 batch, bool warm) private returns (uint256 used, uint256 biggest) {
        uint256 first = _payees(count, warm);
        bytes32 id = keccak256(abi.encode("list", first));
        used = _anchorList(id, count, first, batch);
        bytes32[] memory leaves = _listLeaves(id, count, first, batch);
        for (uint256 b; b < leaves.length; ++b) {
            (bytes memory packed,) = listOf(first + b * batch, _size(count, batch, b));
            uint256 one = _listBatch(id, b, proofOf(leaves, b), packed);
            used += one;
            if (one > biggest) biggest = one;
        }
    }

    function _listBatch(bytes32 id, uint256 b, bytes32[] memory proof, bytes memory packed) private returns (uint256) {
        bytes memory call = abi.encodeCall(distributor.executeBatch, (id, b, proof, packed));
        return _measure(OPERATOR, address(distributor), call);
    }

    function _anchorList(bytes32 id, uint256 count, uint256 first, uint256 batch) private returns (uint256) {
        bytes32[] memory leaves = _listLeaves(id, count, first, batch);
        uint256 sum;
        for (uint256 b; b < leaves.length; ++b) {
            (, uint256 part) = listOf(first + b * batch, _size(count, batch, b));
            sum += part;
        }
        return _anchor(anchorOf(id, rootOf(leaves), _token, sum, leaves.length));
    }

    function _anchor(RoyaltyDistributor.Anchor memory anchor) private returns (uint256) {
        return _measure(OPERATOR, address(distributor), abi.encodeCall(distributor.anchorDistribution, (anchor)));
    }

    function _listLeaves(bytes32 id, uint256 count, uint256 first, uint256 batch)
        private
        view
        returns (bytes32[] memory leaves)
    {
        leaves = new bytes32[]((count + batch - 1) / batch);
        for (uint256 b; b < leaves.length; ++b) {
            (bytes memory packed,) = listOf(first + b * batch, _size(count, batch, b));
            leaves[b] = leafOf(id, b, packed);
        }
    }

    struct PageRun {
        bytes32 id;
        uint256 first;
        uint256 count;
        uint256 batch;
        uint256 sum;
        bytes32[] leaves;
        address[] pages;
    }

    function _pageRun(uint256 count, uint256 batch, bool warm) private returns (uint256 used, uint256 biggest) {
        PageRun memory run;
        (run.first, run.count, run.batch) = (_payees(count, warm), count, batch);
        run.id = keccak256(abi.encode("page", run.first));
        run.leaves = new bytes32[]((count + batch - 1) / batch);
        run.pages = new address[](run.leaves.length);
        for (uint256 b; b < run.leaves.length; ++b) _writePage(run, b);
        used = _anchor(anchorOf(run.id, rootOf(run.leaves), _token, run.sum, run.leaves.length));
        for (uint256 b; b < run.leaves.length; ++b) {
            uint256 one = _pageBatch(run, b);
            used += one;
            if (one > biggest) biggest = one;
        }
    }

    /// @dev Once for all distributions: in a row of its own, not in the holder's share.
    function _writePage(PageRun memory run, uint256 b) private {
        (bytes memory payees, bytes memory amounts, uint256 part) = _pageOf(run, b);
        run.pages[b] = book.write(payees);
        run.leaves[b] = distributor.pageLeaf(run.id, b, run.pages[b].codehash, 5, amounts);
        run.sum += part;
    }

    function _pageOf(PageRun memory run, uint256 b) private pure returns (bytes memory, bytes memory, uint256) {
        return pageOf(run.first + b * run.batch, _size(run.count, run.batch, b), 5);
    }

    function _pageBatch(PageRun memory run, uint256 b) private returns (uint256) {
        (, bytes memory amounts,) = _pageOf(run, b);
        bytes32[] memory proof = proofOf(run.leaves, b);
        bytes memory call = abi.encodeCall(distributor.executePageBatch, (run.id, b, proof, run.pages[b], 5, amounts));
        return _measure(OPERATOR, address(distributor), call);
    }

    function test_gas_writePage() public {
        (bytes memory payees,,) = pageOf(0, BIG_BATCH, 5);
        _pin("page.write.per.payee", _measure(OPERATOR, address(book), abi.encodeCall(book.write, (payees))) / BIG_BATCH);
    }

    function _size(uint256 count, uint256 batch, uint256 b) private pure returns (uint256) {
        return count - b * batch < batch ? count - b * batch : batch;
    }

    // ---- measuring

    /// @dev Under `--isolate` each call from a test is a transaction of its own, whose gas forge tells.
    function _measure(address from, address to, bytes memory call) private returns (uint256) {
        vm.prank(from);
        (bool done, bytes memory answer) = to.call(call);
        if (!done) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return vm.lastCallGas().gasTotalUsed;
    }

    function _key(string memory name, uint256 count) private pure returns (string memory) {
        return string.concat(name, ".", vm.toString(count));
    }

    function _pin(string memory key, uint256 used) private {
        if (_measuring) {
            vm.writeLine("gas-measured.txt", string.concat(key, " ", vm.toString(used)));
            return;
        }
        uint256 pinned = vm.parseJsonUint(vm.readFile("gas-pins.json"), string.concat("['", key, "']"));
        if (used * 100 > pinned * 101 || used * 101 < pinned * 100) revert Differs(key, used, pinned);
    }
}

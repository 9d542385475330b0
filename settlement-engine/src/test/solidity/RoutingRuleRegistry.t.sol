// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoutingRuleRegistry} from "../src/RoutingRuleRegistry.sol";
import {Fixture} from "./Fixture.t.sol";

contract RoutingRuleRegistryTest is Fixture {
    address private target;

    function setUp() public {
        deploy(); // anchors RULE as version 1 from day 20 001
        target = address(rules);
    }

    function anchorCall(uint32 store, uint32 version, bytes32 hash, uint256 from) private view returns (bytes memory) {
        return abi.encodeCall(rules.anchor, (store, version, hash, uint48(from)));
    }

    function test_wrongRole() public {
        refusedWithout(rules.RULE_ADMIN_ROLE(), target, anchorCall(STORE, 2, keccak256("2"), 20_002 days));
        refusedWithout(rules.SEALER_ROLE(), target, abi.encodeCall(rules.anchorSeal, (1, keccak256("seal"))));
        refused(
            ADMIN,
            target,
            anchorCall(STORE, 2, keccak256("2"), 20_002 days),
            unauthorised(ADMIN, rules.RULE_ADMIN_ROLE())
        );
    }

    function test_aRuleIsInForceFromItsDayUntilTheNextOnes() public {
        vm.prank(RULER);
        rules.anchor(STORE, 2, keccak256("2"), 20_005 days);
        no(rules.wasInForce(STORE, RULE, 20_001 days - 1), "not before");
        yes(rules.wasInForce(STORE, RULE, 20_001 days), "from its day");
        yes(rules.wasInForce(STORE, RULE, 20_005 days - 1), "to the last second");
        no(rules.wasInForce(STORE, RULE, 20_005 days), "then the next");
        yes(rules.wasInForce(STORE, keccak256("2"), 20_005 days), "the next");
        no(rules.wasInForce(STORE + 1, RULE, 20_001 days), "not of another store");
        no(rules.wasInForce(STORE, keccak256("3"), 20_001 days), "not unknown");
        same(rules.versions(STORE), 2, "versions");
        same(rules.hashOf(STORE, 1), RULE, "version 1");
        same(rules.ruleOf(STORE, RULE).until, 20_005 days, "until");
    }

    function test_aRuleReplacedOnItsDayWasNeverInForce() public {
        vm.prank(RULER);
        rules.anchor(STORE, 2, keccak256("2"), 20_001 days);
        no(rules.wasInForce(STORE, RULE, 20_001 days), "never");
        yes(rules.wasInForce(STORE, keccak256("2"), 20_001 days), "its successor is");
    }

    function test_refusals() public {
        refused(RULER, target, anchorCall(0, 1, RULE, 20_002 days), abi.encodeWithSelector(RoutingRuleRegistry.ZeroStore.selector));
        refused(RULER, target, anchorCall(STORE, 2, 0, 20_002 days), abi.encodeWithSelector(RoutingRuleRegistry.ZeroHash.selector));
        uint32[4] memory versions = [uint32(0), 1, 3, type(uint32).max];
        for (uint256 i; i < 4; ++i) {
            refused(
                RULER,
                target,
                anchorCall(STORE, versions[i], keccak256("2"), 20_002 days),
                abi.encodeWithSelector(RoutingRuleRegistry.NotNextVersion.selector, STORE, 2, versions[i])
            );
        }
        refused(
            RULER,
            target,
            anchorCall(STORE, 2, RULE, 20_002 days),
            abi.encodeWithSelector(RoutingRuleRegistry.AlreadyAnchored.selector, STORE, RULE, 1)
        );
        refused(
            RULER,
            target,
            anchorCall(STORE, 2, keccak256("2"), 20_002 days + 1),
            abi.encodeWithSelector(RoutingRuleRegistry.NotAStartOfDay.selector, 20_002 days + 1)
        );
        refused(
            RULER,
            target,
            anchorCall(STORE, 2, keccak256("2"), 20_000 days),
            abi.encodeWithSelector(RoutingRuleRegistry.Retroactive.selector, 20_000 days, START)
        );
        vm.prank(RULER);
        rules.anchor(STORE, 2, keccak256("2"), 20_009 days);
        refused(
            RULER,
            target,
            anchorCall(STORE, 3, keccak256("3"), 20_008 days),
            abi.encodeWithSelector(RoutingRuleRegistry.Retroactive.selector, 20_008 days, 20_009 days)
        );
    }

    function test_sealsFollowEachOther() public {
        bytes32 chain;
        vm.startPrank(SEALER);
        rules.anchorSeal(7, keccak256("a"));
        chain = keccak256(abi.encode(chain, uint64(7), keccak256("a")));
        rules.anchorSeal(9, keccak256("b"));
        chain = keccak256(abi.encode(chain, uint64(9), keccak256("b")));
        vm.stopPrank();
        same(rules.sealChain(), chain, "chain");
        same(rules.sealNo(), 9, "number");
        bytes memory call = abi.encodeCall(rules.anchorSeal, (9, keccak256("c")));
        refused(SEALER, target, call, abi.encodeWithSelector(RoutingRuleRegistry.SealNotAfter.selector, 9, 9));
        call = abi.encodeCall(rules.anchorSeal, (10, 0));
        refused(SEALER, target, call, abi.encodeWithSelector(RoutingRuleRegistry.ZeroHash.selector));
    }

    function testFuzz_exactlyOneRuleIsInForceFromTheFirstDayOn(uint8[] calldata gaps, uint48 time) public {
        uint256 day = 20_001;
        vm.startPrank(RULER);
        for (uint256 i; i < gaps.length && i < 20; ++i) {
            day += gaps[i];
            rules.anchor(STORE, uint32(i + 2), keccak256(abi.encode("rule", i)), uint48(day * 1 days));
        }
        vm.stopPrank();
        uint256 found;
        for (uint32 v = 1; v <= rules.versions(STORE); ++v) {
            if (rules.wasInForce(STORE, rules.hashOf(STORE, v), time)) ++found;
        }
        same(found, time >= 20_001 days && time < type(uint48).max ? 1 : 0, "one rule");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PolicyGuard} from "../src/PolicyGuard.sol";
import {Fixture} from "./Fixture.t.sol";
import {MoodyToken} from "./MoodyToken.sol";

contract PolicyGuardTest is Fixture {
    MoodyToken private token;
    address private target;

    function setUp() public {
        deploy();
        token = new MoodyToken();
        open(address(token));
        target = address(guard);
    }

    function announced(uint96 units, uint32 period) private view returns (bytes memory) {
        return abi.encodeCall(guard.announceCap, (address(this), STORE, address(token), units, period));
    }

    function giveCap(uint96 units, uint32 period) private {
        vm.prank(POLICY);
        guard.announceCap(address(this), STORE, address(token), units, period);
        vm.warp(block.timestamp + DELAY);
        guard.activateCap(address(this), STORE, address(token));
    }

    function test_wrongRole() public {
        address t = address(token);
        refusedWithout(guard.GUARDIAN_ROLE(), target, abi.encodeCall(guard.pause, ()));
        refusedWithout(0, target, abi.encodeCall(guard.unpause, ()));
        refusedWithout(guard.MONITOR_ROLE(), target, abi.encodeCall(guard.reportBreach, (STORE, RULE)));
        refusedWithout(0, target, abi.encodeCall(guard.clearBreach, (STORE)));
        refusedWithout(guard.OPERATOR_ROLE(), target, abi.encodeCall(guard.heartbeat, ()));
        refusedWithout(guard.POLICY_ROLE(), target, announced(1, 1 days));
        refusedWithout(guard.POLICY_ROLE(), target, abi.encodeCall(guard.listToken, (t, t.codehash, 6)));
        refusedWithout(guard.POLICY_ROLE(), target, abi.encodeCall(guard.announceDestination, (STRANGER)));
        bytes memory error_ = abi.encodeWithSelector(PolicyGuard.NotGuardianOrPolicy.selector, STRANGER);
        refused(STRANGER, target, abi.encodeCall(guard.lowerCap, (address(this), STORE, t, 1)), error_);
        refused(STRANGER, target, abi.encodeCall(guard.withdrawCap, (address(this), STORE, t)), error_);
        refused(STRANGER, target, abi.encodeCall(guard.delistToken, (t)), error_);
        refused(STRANGER, target, abi.encodeCall(guard.removeDestination, (TREASURY)), error_);
        refused(GUARDIAN, target, abi.encodeCall(guard.unpause, ()), unauthorised(GUARDIAN, 0)); // only the timelock ends it
    }

    function test_pauseBeatsEverythingUntilTheAdminEndsIt() public {
        refused(ADMIN, target, abi.encodeCall(guard.unpause, ()), abi.encodeWithSelector(PolicyGuard.NotPaused.selector));
        vm.startPrank(GUARDIAN);
        guard.pause();
        guard.pause(); // a repeat is harmless
        vm.stopPrank();
        no(guard.isOpen(STORE), "closed");
        vm.expectRevert(abi.encodeWithSelector(PolicyGuard.EverythingPaused.selector));
        guard.requireOutflow(STORE);
        vm.expectRevert(abi.encodeWithSelector(PolicyGuard.EverythingPaused.selector));
        guard.consume(STORE, address(token), 1);
        vm.prank(ADMIN);
        guard.unpause();
        no(guard.requireOutflow(STORE), "open, and the operator alive");
    }

    function test_aBreachLocksOneStoreUntilTheAdminClearsIt() public {
        refused(
            MONITOR,
            target,
            abi.encodeCall(guard.reportBreach, (STORE, 0)),
            abi.encodeWithSelector(PolicyGuard.NoEvidence.selector, STORE)
        );
        vm.prank(MONITOR);
        guard.reportBreach(STORE, RULE);
        bytes memory locked = abi.encodeWithSelector(PolicyGuard.StoreLocked.selector, STORE, RULE);
        refused(MONITOR, target, abi.encodeCall(guard.reportBreach, (STORE, keccak256("2"))), locked);
        vm.expectRevert(locked);
        guard.requireOutflow(STORE);
        guard.requireOutflow(STORE + 1);
        yes(guard.isOpen(STORE + 1), "the next store is open");
        vm.prank(ADMIN);
        guard.clearBreach(STORE);
        yes(guard.isOpen(STORE), "open again");
        bytes memory error_ = abi.encodeWithSelector(PolicyGuard.StoreNotLocked.selector, STORE);
        refused(ADMIN, target, abi.encodeCall(guard.clearBreach, (STORE)), error_);
    }

    function test_refusesWhatHasNoCap() public {
        vm.expectRevert(
            abi.encodeWithSelector(PolicyGuard.NoCap.selector, address(this), STORE, address(token))
        );
        guard.consume(STORE, address(token), 1);
    }

    function test_refusesTheOverflowAndStartsAnewEachPeriod() public {
        giveCap(100, 1 days);
        guard.consume(STORE, address(token), 60);
        bytes memory over =
            abi.encodeWithSelector(PolicyGuard.CapExceeded.selector, STORE, address(token), 60, 41, 100);
        vm.expectRevert(over);
        guard.consume(STORE, address(token), 41);
        guard.consume(STORE, address(token), 40);
        vm.warp((block.timestamp / 1 days + 1) * 1 days);
        guard.consume(STORE, address(token), 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                PolicyGuard.CapExceeded.selector, STORE, address(token), 100, type(uint96).max, 100
            )
        );
        guard.consume(STORE, address(token), type(uint96).max);
    }

    function test_raisingACapWaitsLoweringDoesNot() public {
        giveCap(100, 1 days);
        vm.prank(POLICY);
        guard.announceCap(address(this), STORE, address(token), 1000, 1 days);
        uint256 from = block.timestamp + DELAY;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(PolicyGuard.NotYet.selector, from));
        guard.activateCap(address(this), STORE, address(token));
        vm.prank(GUARDIAN);
        guard.lowerCap(address(this), STORE, address(token), 50);
        vm.expectRevert(
            abi.encodeWithSelector(PolicyGuard.CapExceeded.selector, STORE, address(token), 0, 51, 50)
        );
        guard.consume(STORE, address(token), 51);
        vm.warp(from); // lowering withdrew the announcement
        bytes memory nothing =
            abi.encodeWithSelector(PolicyGuard.NothingAnnounced.selector, address(this), STORE, address(token));
        vm.expectRevert(nothing);
        guard.activateCap(address(this), STORE, address(token));
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.lowerCap, (address(this), STORE, address(token), 50)),
            abi.encodeWithSelector(PolicyGuard.NotLower.selector, 50, 50)
        );
        refused(
            GUARDIAN, target, abi.encodeCall(guard.withdrawCap, (address(this), STORE, address(token))), nothing
        );
        vm.prank(POLICY);
        guard.announceCap(address(this), STORE, address(token), 1000, 1 days);
        vm.prank(GUARDIAN);
        guard.withdrawCap(address(this), STORE, address(token));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(nothing);
        guard.activateCap(address(this), STORE, address(token));
        refused(
            POLICY,
            target,
            announced(1, 59 minutes),
            abi.encodeWithSelector(PolicyGuard.BadPeriod.selector, 59 minutes, 1 hours)
        );
    }

    function test_aRaiseKeepsWhatWasUsed() public {
        giveCap(100, 7 days);
        vm.prank(POLICY);
        guard.announceCap(address(this), STORE, address(token), 150, 7 days);
        vm.warp((block.timestamp / 7 days + 1) * 7 days + 2 days);
        guard.consume(STORE, address(token), 100);
        guard.activateCap(address(this), STORE, address(token));
        vm.expectRevert(
            abi.encodeWithSelector(PolicyGuard.CapExceeded.selector, STORE, address(token), 100, 51, 150)
        );
        guard.consume(STORE, address(token), 51);
    }

    function test_listsATokenAsItIsAndAfterTheDelay() public {
        MoodyToken other = new MoodyToken();
        address t = address(other);
        bytes32 wrong = keccak256("other code");
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.listToken, (t, wrong, 6)),
            abi.encodeWithSelector(PolicyGuard.TokenCodeChanged.selector, t, wrong, t.codehash)
        );
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.listToken, (STRANGER, STRANGER.codehash, 6)),
            abi.encodeWithSelector(PolicyGuard.TokenCodeChanged.selector, STRANGER, STRANGER.codehash, STRANGER.codehash)
        );
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.listToken, (t, t.codehash, 18)),
            abi.encodeWithSelector(PolicyGuard.TokenDecimalsChanged.selector, t, 18, 6)
        );
        vm.expectRevert(abi.encodeWithSelector(PolicyGuard.TokenNotListed.selector, t));
        guard.consume(STORE, t, 1);
        vm.prank(POLICY);
        guard.listToken(t, t.codehash, 6);
        vm.expectRevert(
            abi.encodeWithSelector(PolicyGuard.TokenNotYetActive.selector, t, block.timestamp + DELAY)
        );
        guard.consume(STORE, t, 1);
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.listToken, (t, t.codehash, 6)),
            abi.encodeWithSelector(PolicyGuard.TokenAlreadyListed.selector, t)
        );
        vm.prank(GUARDIAN);
        guard.delistToken(t);
        bytes memory error_ = abi.encodeWithSelector(PolicyGuard.TokenNotListed.selector, t);
        refused(GUARDIAN, target, abi.encodeCall(guard.delistToken, (t)), error_);
    }

    function test_aDestinationWaitsAndLeavesAtOnce() public {
        vm.prank(POLICY);
        guard.announceDestination(STRANGER);
        no(guard.isDestination(STRANGER), "not yet");
        vm.warp(block.timestamp + DELAY);
        yes(guard.isDestination(STRANGER), "now");
        bytes memory bad = abi.encodeWithSelector(PolicyGuard.BadDestination.selector, STRANGER);
        refused(POLICY, target, abi.encodeCall(guard.announceDestination, (STRANGER)), bad);
        vm.prank(GUARDIAN);
        guard.removeDestination(STRANGER);
        no(guard.isDestination(STRANGER), "no more");
        refused(GUARDIAN, target, abi.encodeCall(guard.removeDestination, (STRANGER)), bad);
        refused(
            POLICY,
            target,
            abi.encodeCall(guard.announceDestination, (address(0))),
            abi.encodeWithSelector(PolicyGuard.BadDestination.selector, address(0))
        );
    }

    function test_theHeartbeatLapses() public {
        vm.warp(block.timestamp + LIMIT);
        no(guard.isOperatorLapsed(), "not yet");
        vm.warp(block.timestamp + 1);
        yes(guard.isOperatorLapsed(), "lapsed");
        vm.prank(OPERATOR);
        guard.heartbeat();
        no(guard.isOperatorLapsed(), "alive");
    }

    function testFuzz_neverMoreThanTheCapInAPeriod(uint96 cap, uint96[] calldata units) public {
        vm.assume(cap > 0);
        giveCap(cap, 1 days);
        vm.warp((block.timestamp / 1 days + 1) * 1 days);
        uint256 consumed;
        for (uint256 i; i < units.length; ++i) {
            (bool done,) = target.call(abi.encodeCall(guard.consume, (STORE, address(token), units[i])));
            same(done ? 1 : 0, consumed + units[i] <= cap ? 1 : 0, "consumed if and only if it fits");
            if (done) consumed += units[i];
        }
    }
}

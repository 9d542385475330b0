// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoyaltyLocks} from "../src/RoyaltyLocks.sol";
import {RoyaltyToken} from "../src/RoyaltyToken.sol";
import {Fixture} from "./Fixture.t.sol";

contract RoyaltyLocksTest is Fixture {
    address private constant ISSUER = address(0x155);
    address private constant ATTESTOR = address(0xA77);
    bytes32 private constant EVIDENCE = keccak256("audited accounts");
    uint256 private constant SUPPLY = 1_000_000;
    RoyaltyToken private token;
    RoyaltyLocks private locks;
    RoyaltyLocks.Terms private terms;

    function setUp() public {
        vm.warp(START);
        token = new RoyaltyToken("Royalty", "RTK", SUPPLY, ISSUER, ADMIN, COMPLIANCE, address(0x7E), 7 days);
        locks = new RoyaltyLocks(token, ADMIN, ATTESTOR);
        terms = RoyaltyLocks.Terms(uint48(START + 365 days), 365 days, 10_000, 1_000, 3_000, 90 days);
        vm.startPrank(ISSUER);
        token.approve(address(locks), SUPPLY);
        locks.lock(MERCHANT, 740_000, 600_000_000, terms);
        vm.stopPrank();
    }

    function review(uint256 revenue) private {
        vm.prank(ATTESTOR);
        locks.review(1, revenue, EVIDENCE);
    }

    function releaseCall(uint256 units) private view returns (bytes memory) {
        return abi.encodeCall(locks.release, (1, units));
    }

    function test_lockedTokensNeitherVoteNorCount() public view {
        yes(token.isExcluded(address(locks)), "excluded");
        same(token.balanceOf(address(locks)), 740_000, "held");
        same(locks.totalLocked(), 740_000, "locked");
    }

    function test_growthIsComparedByIntegers() public {
        vm.warp(START + 365 days);
        review(1_199_999_999);
        same(locks.totalStaked(), 0, "one unit short: nothing");
        vm.warp(START + 730 days);
        review(2_399_999_998);
        same(locks.totalStaked(), 74_000, "exactly doubled: a tenth of the original");
        same(locks.lockOf(1).locked, 666_000, "locked");
    }

    function test_releasesOnlyTheExcessOverTheFloorOncePerInterval() public {
        uint256 revenue = 600_000_000;
        for (uint256 year = 1; year <= 10; ++year) {
            vm.warp(START + year * 365 days);
            revenue *= 2;
            review(revenue);
        }
        same(locks.totalStaked(), 740_000, "all staked");
        same(locks.releasable(1), 440_000, "less 30 % of the circulating million");
        bytes memory error_ = abi.encodeWithSelector(RoyaltyLocks.NotReleasable.selector, 1, 440_001, 440_000);
        refused(MERCHANT, address(locks), releaseCall(440_001), error_);
        vm.prank(MERCHANT);
        locks.release(1, 400_000);
        same(token.balanceOf(MERCHANT), 400_000, "liquid");
        error_ = abi.encodeWithSelector(RoyaltyLocks.NotYet.selector, block.timestamp + 90 days);
        refused(MERCHANT, address(locks), releaseCall(1), error_);
        vm.warp(block.timestamp + 90 days);
        vm.prank(MERCHANT);
        locks.release(1, 40_000);
        same(locks.releasable(1), 0, "at the floor");
        RoyaltyLocks.Lock memory now_ = locks.lockOf(1);
        same(now_.locked + now_.staked + now_.released, now_.original, "conserved");
    }

    function test_belowTheFloorNothingIsReleased() public {
        vm.warp(START + 365 days);
        review(1_200_000_000);
        same(locks.releasable(1), 0, "74 000 of 334 000 circulating are under 30 %");
        bytes memory error_ = abi.encodeWithSelector(RoyaltyLocks.NotReleasable.selector, 1, 1, 0);
        refused(MERCHANT, address(locks), releaseCall(1), error_);
    }

    function test_refusals() public {
        address target = address(locks);
        refusedWithout(locks.ATTESTOR_ROLE(), target, abi.encodeCall(locks.review, (1, 1, EVIDENCE)));
        refusedWithout(0, target, abi.encodeCall(locks.changeBeneficiary, (1, STRANGER)));
        refused(
            STRANGER, target, releaseCall(1), abi.encodeWithSelector(RoyaltyLocks.NotBeneficiary.selector, 1, STRANGER, MERCHANT)
        );
        bytes memory none = abi.encodeWithSelector(RoyaltyLocks.NoSuchLock.selector, 2);
        refused(ATTESTOR, target, abi.encodeCall(locks.review, (2, 1, EVIDENCE)), none);
        refused(MERCHANT, target, abi.encodeCall(locks.release, (2, 1)), none);
        refused(
            ATTESTOR,
            target,
            abi.encodeCall(locks.review, (1, 1, EVIDENCE)),
            abi.encodeWithSelector(RoyaltyLocks.NotYet.selector, START + 365 days)
        );
        refused(
            ATTESTOR,
            target,
            abi.encodeCall(locks.review, (1, 1, 0)),
            abi.encodeWithSelector(RoyaltyLocks.NoEvidence.selector, 1)
        );
        vm.warp(START + 365 days);
        review(1_200_000_000);
        refused(
            ATTESTOR,
            target,
            abi.encodeCall(locks.review, (1, 9_000_000_000, EVIDENCE)),
            abi.encodeWithSelector(RoyaltyLocks.NotYet.selector, START + 730 days)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(locks.changeBeneficiary, (1, address(0))),
            abi.encodeWithSelector(
                RoyaltyLocks.BadLock.selector, address(0), locks.lockOf(1).original, locks.lockOf(1).baseline
            )
        );
        vm.prank(ADMIN);
        locks.changeBeneficiary(1, STRANGER);
        same(locks.lockOf(1).beneficiary, STRANGER, "changed");
    }

    function test_refusesBadLocks() public {
        address target = address(locks);
        bytes memory error_ = abi.encodeWithSelector(RoyaltyLocks.BadLock.selector, address(0), 1, 1);
        refused(ISSUER, target, abi.encodeCall(locks.lock, (address(0), 1, 1, terms)), error_);
        error_ = abi.encodeWithSelector(RoyaltyLocks.BadLock.selector, MERCHANT, 0, 1);
        refused(ISSUER, target, abi.encodeCall(locks.lock, (MERCHANT, 0, 1, terms)), error_);
        error_ = abi.encodeWithSelector(RoyaltyLocks.BadLock.selector, MERCHANT, 1, 0);
        refused(ISSUER, target, abi.encodeCall(locks.lock, (MERCHANT, 1, 0, terms)), error_);
        RoyaltyLocks.Terms memory bad = terms;
        bad.trancheBps = 10_001;
        error_ = abi.encodeWithSelector(RoyaltyLocks.BadTerms.selector, bad);
        refused(ISSUER, target, abi.encodeCall(locks.lock, (MERCHANT, 1, 1, bad)), error_);
        bad = terms;
        bad.firstReview = uint48(block.timestamp);
        error_ = abi.encodeWithSelector(RoyaltyLocks.BadTerms.selector, bad);
        refused(ISSUER, target, abi.encodeCall(locks.lock, (MERCHANT, 1, 1, bad)), error_);
    }

    function testFuzz_unitsAreConserved(uint256[8] calldata revenues, uint256[8] calldata units) public {
        for (uint256 i; i < 8; ++i) {
            vm.warp(START + (i + 1) * 365 days);
            review(revenues[i]);
            uint256 most = locks.releasable(1);
            if (most != 0) {
                vm.prank(MERCHANT);
                locks.release(1, bound(units[i], 1, most));
            }
            RoyaltyLocks.Lock memory now_ = locks.lockOf(1);
            same(now_.locked + now_.staked + now_.released, 740_000, "conserved");
            same(token.balanceOf(address(locks)), now_.locked + now_.staked, "held");
            yes(
                now_.released == 0 || locks.totalStaked() * 10_000 >= (SUPPLY - locks.totalLocked()) * 3_000 || most == 0,
                "the floor holds"
            );
        }
    }
}

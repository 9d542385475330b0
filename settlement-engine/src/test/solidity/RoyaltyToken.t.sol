// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoyaltyToken} from "../src/RoyaltyToken.sol";
import {Fixture} from "./Fixture.t.sol";

contract RoyaltyTokenTest is Fixture {
    address private constant ISSUER = address(0x155);
    address private constant TRUSTEE = address(0x7E);
    address private constant ANNE = address(0xA001);
    address private constant BEN = address(0xB002);
    bytes32 private constant EVIDENCE = keccak256("evidence");
    RoyaltyToken private token;
    address private target;

    function setUp() public {
        vm.warp(START);
        token = new RoyaltyToken("Royalty", "RTK", 1_000_000, ISSUER, ADMIN, COMPLIANCE, TRUSTEE, 7 days);
        target = address(token);
        give(ANNE, 100);
        give(BEN, 50);
    }

    function give(address to, uint256 units) private {
        vm.prank(ISSUER);
        token.transfer(to, units);
    }

    function transferCall(address to, uint256 units) private view returns (bytes memory) {
        return abi.encodeCall(token.transfer, (to, units));
    }

    function test_wrongRole() public {
        refusedWithout(token.COMPLIANCE_ROLE(), target, abi.encodeCall(token.setFrozen, (ANNE, true)));
        refusedWithout(token.COMPLIANCE_ROLE(), target, abi.encodeCall(token.setRestricted, (true)));
        refusedWithout(token.COMPLIANCE_ROLE(), target, abi.encodeCall(token.setAllowed, (ANNE, true)));
        refusedWithout(token.COMPLIANCE_ROLE(), target, abi.encodeCall(token.approveRecovery, (ANNE, BEN)));
        refusedWithout(token.TRUSTEE_ROLE(), target, abi.encodeCall(token.proposeRecovery, (ANNE, BEN, EVIDENCE)));
        refusedWithout(0, target, abi.encodeCall(token.setExcluded, (ANNE, true)));
    }

    function test_anyPastSecondCanBeReadAgain() public {
        uint256 first = block.timestamp;
        vm.warp(first + 10);
        vm.prank(ANNE);
        token.transfer(BEN, 30);
        vm.prank(ANNE);
        token.transfer(BEN, 10);
        vm.warp(first + 20);
        same(token.balanceOfAt(ANNE, first), 100, "first");
        same(token.balanceOfAt(ANNE, first + 9), 100, "until the change");
        same(token.balanceOfAt(ANNE, first + 10), 60, "at the end of its second");
        same(token.balanceOfAt(ANNE, first - 1), 0, "before");
        same(token.getPastVotes(BEN, first + 10), 90, "votes without delegation");
        same(token.getPastTotalSupply(first + 10), 150, "the issuer's do not count");
        vm.expectRevert(
            abi.encodeWithSelector(RoyaltyToken.FutureTimepoint.selector, block.timestamp, block.timestamp)
        );
        token.balanceOfAt(ANNE, block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(RoyaltyToken.FutureTimepoint.selector, type(uint256).max, block.timestamp)
        );
        token.getPastVotes(ANNE, type(uint256).max);
    }

    function test_excludedHoldersNeitherVoteNorCount() public {
        vm.warp(block.timestamp + 10);
        vm.prank(ADMIN);
        token.setExcluded(ANNE, true);
        uint256 then = block.timestamp;
        vm.warp(then + 10);
        same(token.getPastVotes(ANNE, then), 0, "no votes");
        same(token.getPastVotes(ANNE, then - 1), 100, "votes before");
        same(token.getPastTotalSupply(then), 50, "not counted");
        yes(token.wasExcluded(ANNE, then), "readable");
        same(token.balanceOfAt(ANNE, then), 100, "still holds");
        same(token.excludedHolders(0, 10).length, 2, "the issuer and Anne");
        yes(token.isExcluded(ANNE), "now");
        same(token.getVotes(ANNE), 0, "no votes now");
        refused(
            ADMIN,
            target,
            abi.encodeCall(token.setExcluded, (ANNE, true)),
            abi.encodeWithSelector(RoyaltyToken.Unchanged.selector, ANNE, true)
        );
        vm.prank(BEN);
        token.excludeSelf();
        refused(
            BEN,
            target,
            abi.encodeCall(token.excludeSelf, ()),
            abi.encodeWithSelector(RoyaltyToken.Unchanged.selector, BEN, true)
        );
        vm.prank(ADMIN);
        token.setExcluded(ANNE, false);
        same(token.getVotes(ANNE), 100, "votes again");
        vm.warp(then + 20);
        same(token.getPastTotalSupply(then + 10), 100, "counted again");
        refused(
            ADMIN,
            target,
            abi.encodeCall(token.setExcluded, (address(0), true)),
            abi.encodeWithSelector(RoyaltyToken.ZeroAccount.selector)
        );
    }

    function test_frozenAccountsNeitherSendNorReceive() public {
        vm.prank(COMPLIANCE);
        token.setFrozen(ANNE, true);
        bytes memory frozen = abi.encodeWithSelector(RoyaltyToken.AccountFrozen.selector, ANNE);
        refused(ANNE, target, transferCall(BEN, 1), frozen);
        refused(BEN, target, transferCall(ANNE, 1), frozen);
        vm.prank(ANNE);
        token.approve(BEN, 10);
        refused(BEN, target, abi.encodeCall(token.transferFrom, (ANNE, BEN, 1)), frozen);
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.setFrozen, (ANNE, true)),
            abi.encodeWithSelector(RoyaltyToken.Unchanged.selector, ANNE, true)
        );
        vm.prank(COMPLIANCE);
        token.setFrozen(ANNE, false);
        vm.prank(BEN);
        token.transferFrom(ANNE, BEN, 10);
        same(token.balanceOf(BEN), 60, "moved");
    }

    function test_whileRestrictedOnlyAllowedAccountsReceive() public {
        vm.startPrank(COMPLIANCE);
        token.setRestricted(true);
        token.setAllowed(BEN, true);
        vm.stopPrank();
        vm.prank(ANNE);
        token.transfer(BEN, 1);
        refused(BEN, target, transferCall(ANNE, 1), abi.encodeWithSelector(RoyaltyToken.AccountNotAllowed.selector, ANNE));
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.setRestricted, (true)),
            abi.encodeWithSelector(RoyaltyToken.Unchanged.selector, address(0), true)
        );
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.setAllowed, (BEN, true)),
            abi.encodeWithSelector(RoyaltyToken.Unchanged.selector, BEN, true)
        );
    }

    function propose() private {
        vm.prank(TRUSTEE);
        token.proposeRecovery(ANNE, BEN, EVIDENCE);
    }

    function approve() private {
        vm.prank(COMPLIANCE);
        token.approveRecovery(ANNE, BEN);
    }

    function test_recoversALostWalletByTwoRolesAfterTheDelay() public {
        propose();
        approve();
        uint256 from = block.timestamp + 7 days;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyToken.NotYet.selector, from));
        token.recover(ANNE);
        vm.prank(COMPLIANCE);
        token.setFrozen(ANNE, true);
        vm.warp(from);
        token.recover(ANNE);
        same(token.balanceOf(BEN), 150, "recovered, though frozen");
        vm.expectRevert(abi.encodeWithSelector(RoyaltyToken.NoRecovery.selector, ANNE, address(0)));
        token.recover(ANNE);
    }

    function test_theOldKeyStopsARecovery() public {
        propose();
        approve();
        refused(
            BEN,
            target,
            abi.encodeCall(token.cancelRecovery, (ANNE)),
            abi.encodeWithSelector(RoyaltyToken.NotCancellable.selector, ANNE, BEN)
        );
        vm.prank(ANNE);
        token.cancelRecovery(ANNE);
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyToken.NoRecovery.selector, ANNE, address(0)));
        token.recover(ANNE);
        refused(
            ANNE,
            target,
            abi.encodeCall(token.cancelRecovery, (ANNE)),
            abi.encodeWithSelector(RoyaltyToken.NoRecovery.selector, ANNE, address(0))
        );
        propose();
        vm.prank(COMPLIANCE);
        token.cancelRecovery(ANNE);
    }

    function test_recoveryRefusals() public {
        bytes[4] memory calls = [
            abi.encodeCall(token.proposeRecovery, (address(0), BEN, EVIDENCE)),
            abi.encodeCall(token.proposeRecovery, (ANNE, address(0), EVIDENCE)),
            abi.encodeCall(token.proposeRecovery, (ANNE, ANNE, EVIDENCE)),
            abi.encodeCall(token.proposeRecovery, (ANNE, BEN, 0))
        ];
        bytes[4] memory errors = [
            abi.encodeWithSelector(RoyaltyToken.BadRecovery.selector, address(0), BEN, EVIDENCE),
            abi.encodeWithSelector(RoyaltyToken.BadRecovery.selector, ANNE, address(0), EVIDENCE),
            abi.encodeWithSelector(RoyaltyToken.BadRecovery.selector, ANNE, ANNE, EVIDENCE),
            abi.encodeWithSelector(RoyaltyToken.BadRecovery.selector, ANNE, BEN, bytes32(0))
        ];
        for (uint256 i; i < 4; ++i) refused(TRUSTEE, target, calls[i], errors[i]);
        bytes memory none = abi.encodeWithSelector(RoyaltyToken.NoRecovery.selector, ANNE, BEN);
        refused(COMPLIANCE, target, abi.encodeCall(token.approveRecovery, (ANNE, BEN)), none);
        propose();
        vm.expectRevert(abi.encodeWithSelector(RoyaltyToken.NotApproved.selector, ANNE));
        token.recover(ANNE);
        refused(
            TRUSTEE,
            target,
            abi.encodeCall(token.proposeRecovery, (ANNE, STRANGER, EVIDENCE)),
            abi.encodeWithSelector(RoyaltyToken.RecoveryPending.selector, ANNE, BEN)
        );
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.approveRecovery, (ANNE, STRANGER)),
            abi.encodeWithSelector(RoyaltyToken.NoRecovery.selector, ANNE, STRANGER)
        );
        approve();
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.approveRecovery, (ANNE, BEN)),
            abi.encodeWithSelector(RoyaltyToken.AlreadyApproved.selector, ANNE, block.timestamp + 7 days)
        );
    }

    function test_onePersonWithBothRolesCannotRecover() public {
        bytes32 trustee = token.TRUSTEE_ROLE();
        vm.prank(ADMIN);
        token.grantRole(trustee, COMPLIANCE);
        vm.prank(COMPLIANCE);
        token.proposeRecovery(ANNE, BEN, EVIDENCE);
        refused(
            COMPLIANCE,
            target,
            abi.encodeCall(token.approveRecovery, (ANNE, BEN)),
            abi.encodeWithSelector(RoyaltyToken.SamePerson.selector, COMPLIANCE)
        );
    }

    function test_permit() public {
        address owner = vm.addr(7);
        give(owner, 10);
        bytes32 permit = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 content = keccak256(abi.encode(permit, owner, BEN, 5, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), content));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(7, digest);
        token.permit(owner, BEN, 5, block.timestamp, v, r, s);
        same(token.allowance(owner, BEN), 5, "allowed");
        vm.expectRevert();
        token.permit(owner, BEN, 5, block.timestamp, v, r, s);
    }

    function test_refusesAZeroSupply() public {
        vm.expectRevert(abi.encodeWithSelector(RoyaltyToken.ZeroSupply.selector));
        new RoyaltyToken("Royalty", "RTK", 0, ISSUER, ADMIN, COMPLIANCE, TRUSTEE, 7 days);
    }

    function testFuzz_votesAreWhatIncludedAccountsHold(uint256 seed, uint8 steps) public {
        address[4] memory people = [ISSUER, ANNE, BEN, address(0xC003)];
        for (uint256 i; i < bound(steps, 1, 30); ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            address who = people[word % 4];
            address to = people[(word >> 8) % 4];
            if ((word >> 16) % 4 == 0) {
                bool excluded = token.isExcluded(who);
                vm.prank(ADMIN);
                token.setExcluded(who, !excluded);
            } else {
                uint256 held = token.balanceOf(who);
                vm.prank(who);
                token.transfer(to, held == 0 ? 0 : (word >> 32) % (held + 1));
            }
            if (word >> 255 == 0) vm.warp(block.timestamp + 1);
        }
        vm.warp(block.timestamp + 1);
        uint256 votes;
        for (uint256 i; i < 4; ++i) {
            same(token.balanceOfAt(people[i], block.timestamp - 1), token.balanceOf(people[i]), "checkpointed");
            votes += token.getPastVotes(people[i], block.timestamp - 1);
        }
        same(token.getPastTotalSupply(block.timestamp - 1), votes, "the votes there are");
    }
}

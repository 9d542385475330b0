// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DaoTimelock} from "../src/DaoTimelock.sol";
import {HoldersDao} from "../src/HoldersDao.sol";
import {PolicyGuard} from "../src/PolicyGuard.sol";
import {RoyaltyToken} from "../src/RoyaltyToken.sol";
import {StoreRegistry} from "../src/StoreRegistry.sol";
import {Fixture} from "./Fixture.t.sol";

contract HoldersDaoTest is Fixture {
    address private constant ISSUER = address(0x155);
    address private constant ANNE = address(0xA001);
    address private constant BEN = address(0xB002);
    address private constant CLEO = address(0xC003);
    RoyaltyToken private token;
    DaoTimelock private timelock;
    HoldersDao private dao;
    uint256 private now_;

    address[] private targets;
    uint256[] private values;
    bytes[] private calls;

    function setUp() public {
        now_ = START;
        vm.warp(now_);
        timelock = new DaoTimelock(72 hours, new address[](0), new address[](1), address(this));
        guard = new PolicyGuard(address(timelock), GUARDIAN, POLICY, MONITOR, OPERATOR, DELAY, LIMIT);
        registry = new StoreRegistry(address(timelock), REGISTRAR, guard);
        token = new RoyaltyToken("Royalty", "RTK", 1_000_000, ISSUER, address(timelock), COMPLIANCE, address(1), 1);
        dao = new HoldersDao(token, timelock, registry, guard, 1 days, 3 days, 100);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(dao));
        timelock.grantRole(timelock.CANCELLER_ROLE(), GUARDIAN);
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
        vm.prank(REGISTRAR);
        registry.register(MERCHANT, RULE);
        give(ANNE, 600);
        give(BEN, 300);
        give(CLEO, 100);
        give(MERCHANT, 100_000);
        vm.prank(MERCHANT);
        token.excludeSelf();
        pass(1);
    }

    function give(address to, uint256 units) private {
        vm.prank(ISSUER);
        token.transfer(to, units);
    }

    function pass(uint256 time) private {
        now_ += time;
        vm.warp(now_);
    }

    function add(address target, bytes memory call) private {
        targets.push(target);
        values.push(0);
        calls.push(call);
    }

    function takeStore() private view returns (bytes memory) {
        return abi.encodeCall(registry.transferFrom, (MERCHANT, address(timelock), STORE));
    }

    function propose() private returns (uint256 id) {
        vm.prank(ANNE);
        id = dao.propose(targets, values, calls, "#majority please");
        pass(1 days + 1);
    }

    function vote(uint256 id, address voter, uint8 support) private {
        vm.prank(voter);
        dao.castVote(id, support);
    }

    function carryOut() private {
        dao.queue(targets, values, calls, keccak256("#majority please"));
        pass(72 hours);
        dao.execute(targets, values, calls, keccak256("#majority please"));
    }

    function stateIs(uint256 id, IGovernor.ProposalState expected) private view {
        same(uint256(dao.state(id)), uint256(expected), "state");
    }

    function test_aStorePassesByTwoThirdsAndBack() public {
        add(address(registry), takeStore());
        uint256 id = propose();
        yes(dao.proposalNeedsTwoThirds(id), "two thirds");
        vote(id, ANNE, 1);
        vote(id, BEN, 0);
        pass(3 days);
        carryOut(); // 600 of 900 is two thirds exactly
        same(registry.ownerOf(STORE), address(timelock), "taken");
        delete targets;
        delete values;
        delete calls;
        add(address(registry), abi.encodeCall(registry.transferFrom, (address(timelock), MERCHANT, STORE)));
        id = propose();
        vote(id, ANNE, 1);
        pass(3 days);
        carryOut();
        same(registry.ownerOf(STORE), MERCHANT, "given back");
    }

    function test_aMajorityDelistsButDoesNotTransfer() public {
        add(address(registry), abi.encodeCall(registry.delist, (STORE, true)));
        uint256 id = propose();
        no(dao.proposalNeedsTwoThirds(id), "a majority");
        vm.prank(ANNE);
        token.transfer(STRANGER, 600); // votes are those at the snapshot
        vote(id, ANNE, 1);
        vote(id, STRANGER, 0);
        pass(3 days);
        carryOut();
        yes(registry.isDelisted(STORE), "delisted");
    }

    function test_underTwoThirdsNoTransfer() public {
        vm.prank(ANNE);
        token.transfer(CLEO, 1);
        pass(1);
        add(address(registry), takeStore());
        uint256 id = propose();
        vote(id, ANNE, 1); // 599
        vote(id, BEN, 0); // 300
        pass(3 days);
        stateIs(id, IGovernor.ProposalState.Defeated);
    }

    function test_aMixedProposalTakesTheHigher() public {
        add(address(registry), abi.encodeCall(registry.delist, (STORE, true)));
        add(address(registry), takeStore());
        uint256 id = propose();
        yes(dao.proposalNeedsTwoThirds(id), "two thirds");
    }

    function test_theThresholdFollowsFromTargetAndSelector() public view {
        bytes4[4] memory transfers = [
            registry.transferFrom.selector,
            bytes4(keccak256("safeTransferFrom(address,address,uint256)")),
            bytes4(keccak256("safeTransferFrom(address,address,uint256,bytes)")),
            registry.approve.selector
        ];
        for (uint256 i; i < 4; ++i) yes(needsTwoThirds(address(registry), abi.encode(transfers[i])), "transfer");
        no(needsTwoThirds(address(registry), abi.encodeCall(registry.delist, (1, true))), "delist");
        no(needsTwoThirds(address(guard), abi.encodeCall(guard.unpause, ())), "unpause");
        yes(needsTwoThirds(address(guard), abi.encodeCall(registry.delist, (1, true))), "another target");
        yes(needsTwoThirds(address(registry), abi.encodeCall(guard.unpause, ())), "another target");
        yes(needsTwoThirds(address(timelock), abi.encodeCall(timelock.updateDelay, (0))), "the timelock");
        yes(needsTwoThirds(address(registry), ""), "no selector");
        yes(needsTwoThirds(address(registry), hex"0102"), "half a selector");
    }

    function needsTwoThirds(address target, bytes memory call) private view returns (bool) {
        address[] memory one = new address[](1);
        bytes[] memory data = new bytes[](1);
        (one[0], data[0]) = (target, call);
        return dao.needsTwoThirds(one, data);
    }

    function test_withoutAFifthOfTheEligibleVotesNothingPasses() public {
        add(address(registry), abi.encodeCall(registry.delist, (STORE, true)));
        uint256 id = propose();
        same(dao.quorum(now_ - 1), 200, "a fifth of 1000: neither issuer nor merchant count");
        vote(id, CLEO, 1);
        pass(3 days);
        stateIs(id, IGovernor.ProposalState.Defeated);
    }

    function test_excludedHoldersHaveNoVotes() public {
        add(address(registry), takeStore());
        uint256 id = propose();
        vote(id, MERCHANT, 0); // 100 000 tokens, no votes
        vote(id, ANNE, 1);
        (uint256 against, uint256 inFavour,) = dao.proposalVotes(id);
        same(against, 0, "against");
        same(inFavour, 600, "in favour");
    }

    function test_nobodyVotesTwiceEarlyOrWithBorrowedTokens() public {
        add(address(registry), takeStore());
        vm.prank(ANNE);
        uint256 id = dao.propose(targets, values, calls, "#majority please");
        refused(
            ANNE,
            address(dao),
            abi.encodeCall(dao.castVote, (id, 1)),
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector, id, IGovernor.ProposalState.Pending, bytes32(uint256(2))
            )
        );
        pass(1 days + 1);
        vote(id, ANNE, 1);
        refused(
            ANNE,
            address(dao),
            abi.encodeCall(dao.castVote, (id, 1)),
            abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, ANNE)
        );
        give(STRANGER, 100_000); // after the snapshot
        vote(id, STRANGER, 0);
        (uint256 against,,) = dao.proposalVotes(id);
        same(against, 0, "borrowed tokens do not vote");
    }

    function test_nothingHappensBeforeTheDelayAndTheGuardianCancels() public {
        add(address(registry), takeStore());
        uint256 id = propose();
        vote(id, ANNE, 1);
        pass(3 days);
        bytes32 description = keccak256("#majority please");
        dao.queue(targets, values, calls, description);
        pass(72 hours - 1);
        vm.expectRevert();
        dao.execute(targets, values, calls, description);
        bytes32 salt = bytes20(address(dao)) ^ description;
        bytes32 operation = timelock.hashOperationBatch(targets, values, calls, 0, salt);
        vm.prank(GUARDIAN);
        timelock.cancel(operation);
        pass(1);
        stateIs(id, IGovernor.ProposalState.Canceled);
    }

    function test_strangersAndSmallHoldersProposeNothing() public {
        add(address(registry), takeStore());
        refused(
            STRANGER,
            address(dao),
            abi.encodeCall(dao.propose, (targets, values, calls, "")),
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, STRANGER, 0, 100)
        );
        refused(
            MERCHANT,
            address(dao),
            abi.encodeCall(dao.propose, (targets, values, calls, "")),
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, MERCHANT, 0, 100)
        );
    }

    function test_nobodyReachesTheTimelockButTheDao() public {
        bytes32 proposer = timelock.PROPOSER_ROLE();
        refused(
            ANNE,
            address(timelock),
            abi.encodeCall(timelock.schedule, (address(registry), 0, takeStore(), 0, 0, 72 hours)),
            unauthorised(ANNE, proposer)
        );
        refused(address(this), address(timelock), abi.encodeCall(timelock.grantRole, (proposer, ANNE)), unauthorised(address(this), 0));
    }

    function test_aStoreLockedForABreachIsUnlockedAndTakenInOneDecision() public {
        vm.prank(MONITOR);
        guard.reportBreach(STORE, RULE);
        add(address(guard), abi.encodeCall(guard.clearBreach, (STORE)));
        add(address(registry), takeStore());
        uint256 id = propose();
        vote(id, ANNE, 1);
        pass(3 days);
        carryOut();
        same(registry.ownerOf(STORE), address(timelock), "taken");
    }

    function test_refusesAShortTimelock() public {
        DaoTimelock short = new DaoTimelock(71 hours, new address[](0), new address[](0), address(this));
        vm.expectRevert(abi.encodeWithSelector(HoldersDao.TimelockTooShort.selector, 71 hours, 72 hours));
        new HoldersDao(token, short, registry, guard, 1 days, 3 days, 100);
    }

    function test_noVotesAtAllPassNothing() public {
        vm.prank(ANNE);
        token.excludeSelf();
        vm.prank(BEN);
        token.excludeSelf();
        pass(1);
        add(address(registry), takeStore());
        vm.prank(CLEO);
        uint256 id = dao.propose(targets, values, calls, "#majority please");
        vm.prank(CLEO);
        token.excludeSelf();
        pass(1 days + 1);
        pass(3 days);
        same(dao.quorum(now_ - 3 days), 0, "nobody is eligible");
        stateIs(id, IGovernor.ProposalState.Defeated);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PolicyGuard} from "./PolicyGuard.sol";
import {RoyaltyToken} from "./RoyaltyToken.sol";
import {StoreRegistry} from "./StoreRegistry.sol";

/// @title Holders decide
/// @notice Votes are balances at the proposal's snapshot, without delegation; excluded holders (locked, treasury, pool, the
/// merchant) neither vote nor count. Quorum is a fifth of the eligible votes. How many of the votes cast must be in
/// favour follows from what the proposal calls, never from what it says of itself: two calls need a majority, every
/// other call two thirds, and a proposal that mixes them takes the higher.
/// @dev Unknown calls take the higher threshold, so that a call wrapped in another can never lower it.
contract HoldersDao is Governor, GovernorSettings, GovernorCountingSimple, GovernorTimelockControl {
    /// @notice Share of the eligible votes that must be cast for or abstain, in basis points.
    uint256 public constant QUORUM_BPS = 2_000;

    /// @notice Seconds that a decision waits at least before it takes effect.
    uint256 public constant SHORTEST_DELAY = 72 hours;

    /// @notice Whose holders vote.
    RoyaltyToken public immutable token;

    /// @notice Where {StoreRegistry-delist} needs a majority.
    StoreRegistry public immutable registry;

    /// @notice Where {PolicyGuard-unpause} needs a majority.
    PolicyGuard public immutable guard;

    mapping(uint256 proposalId => bool twoThirds) private _twoThirds;

    /// @notice What a proposal needs among the votes for and against.
    event ThresholdSet(uint256 indexed proposalId, bool twoThirds);

    error TimelockTooShort(uint256 delay, uint256 shortest);

    /// @param token_ whose holders vote
    /// @param timelock_ holds the powers; its delay is at least {SHORTEST_DELAY}
    /// @param registry_ the stores
    /// @param guard_ the policies
    /// @param votingDelay_ seconds between proposal and snapshot
    /// @param votingPeriod_ seconds
    /// @param proposalThreshold_ token units that a proposer holds
    constructor(
        RoyaltyToken token_,
        TimelockController timelock_,
        StoreRegistry registry_,
        PolicyGuard guard_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 proposalThreshold_
    )
        Governor("Sluice holders")
        GovernorSettings(votingDelay_, votingPeriod_, proposalThreshold_)
        GovernorTimelockControl(timelock_)
    {
        if (timelock_.getMinDelay() < SHORTEST_DELAY) revert TimelockTooShort(timelock_.getMinDelay(), SHORTEST_DELAY);
        (token, registry, guard) = (token_, registry_, guard_);
    }

    /// @notice Whether these calls need two thirds of the votes for and against, rather than a majority.
    function needsTwoThirds(address[] memory targets, bytes[] memory calls) public view returns (bool) {
        for (uint256 i; i < targets.length; ++i) {
            if (!_needsMajorityOnly(targets[i], bytes4(calls[i]))) return true;
        }
        return false;
    }

    /// @notice Whether this proposal needs two thirds.
    function proposalNeedsTwoThirds(uint256 proposalId) external view returns (bool) {
        return _twoThirds[proposalId];
    }

    /// @notice Votes needed for or abstaining, of those eligible at `timepoint`, rounded up.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return Math.mulDiv(token.getPastTotalSupply(timepoint), QUORUM_BPS, 10_000, Math.Rounding.Ceil);
    }

    /// @notice Seconds, as the token's record points.
    function clock() public view override returns (uint48) {
        return token.clock();
    }

    /// @notice ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory) {
        return token.CLOCK_MODE();
    }

    /// @inheritdoc Governor
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        bool twoThirds = needsTwoThirds(targets, calldatas);
        _twoThirds[proposalId] = twoThirds;
        emit ThresholdSet(proposalId, twoThirds);
    }

    function _voteSucceeded(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        (uint256 against, uint256 inFavour,) = proposalVotes(proposalId);
        return inFavour > against && (!_twoThirds[proposalId] || inFavour * 3 >= (inFavour + against) * 2);
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return token.getPastVotes(account, timepoint);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _needsMajorityOnly(address target, bytes4 selector) private view returns (bool) {
        return (target == address(registry) && selector == StoreRegistry.delist.selector)
            || (target == address(guard) && selector == PolicyGuard.unpause.selector);
    }
}

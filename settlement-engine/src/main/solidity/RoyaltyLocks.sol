// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {RoyaltyToken} from "./RoyaltyToken.sol";

/// @title A merchant's tokens, released as its revenue grows
/// @notice Locked -> staked -> liquid. At each anniversary an attested growth that meets the target moves one tranche from
/// locked to staked; staked tokens become liquid, once per interval, only as far as what stays staked is not under
/// a share of the circulating supply.
/// @dev Holds the tokens itself and has excluded itself from votes; dates, targets and shares are each lock's terms,
/// which nobody changes. Growth is compared by integers: no rounded percentage decides.
contract RoyaltyLocks is AccessControl {
    using SafeERC20 for RoyaltyToken;

    /// @notice Attests revenues.
    bytes32 public constant ATTESTOR_ROLE = keccak256("ATTESTOR");

    uint256 private constant WHOLE_BPS = 10_000;

    /// @notice The token held.
    RoyaltyToken public immutable token;

    /// @notice Terms of a lock. Basis points: 10 000 is the whole.
    /// @param firstReview seconds; the first anniversary
    /// @param reviewInterval seconds between anniversaries
    /// @param growthBps growth over the year before that a review demands (10 000 = doubled)
    /// @param trancheBps share of the original units that a passed review moves to staked
    /// @param stakedFloorBps share of the circulating supply under which what stays staked may not fall
    /// @param releaseInterval seconds between two releases
    struct Terms {
        uint48 firstReview;
        uint48 reviewInterval;
        uint32 growthBps;
        uint16 trancheBps;
        uint16 stakedFloorBps;
        uint48 releaseInterval;
    }

    /// @notice A lock and what it has come to. Units are conserved: original = locked + staked + released.
    struct Lock {
        address beneficiary;
        Terms terms;
        uint256 original;
        uint256 locked;
        uint256 staked;
        uint256 released;
        uint256 baseline;
        uint32 reviews;
        uint48 lastRelease;
    }

    /// @notice Number of locks; ids count from 1.
    uint256 public locks;

    /// @notice Units locked, over all locks.
    uint256 public totalLocked;

    /// @notice Units staked, over all locks.
    uint256 public totalStaked;

    mapping(uint256 lockId => Lock) private _locks;

    /// @notice Tokens have been locked.
    event Locked(uint256 indexed lockId, address indexed beneficiary, uint256 units, uint256 baseline, Terms terms);

    /// @notice A year's revenue has been attested; `staked` units have moved from locked to staked, zero for a miss.
    event Reviewed(
        uint256 indexed lockId, uint32 indexed review, uint256 before, uint256 revenue, uint256 staked, bytes32 evidenceHash
    );

    /// @notice Staked tokens have become the beneficiary's.
    event Released(uint256 indexed lockId, address indexed beneficiary, uint256 units);

    /// @notice The lock belongs to another wallet of the beneficiary.
    event BeneficiaryChanged(uint256 indexed lockId, address indexed previous, address indexed current);

    error BadTerms(Terms terms);
    error BadLock(address beneficiary, uint256 units, uint256 baseline);
    error NoSuchLock(uint256 lockId);
    error NotYet(uint256 due);
    error NoEvidence(uint256 lockId);
    error NotBeneficiary(uint256 lockId, address caller, address beneficiary);
    error NotReleasable(uint256 lockId, uint256 units, uint256 releasable);

    /// @param token_ the token held
    /// @param admin the DAO's timelock: changes roles and lost beneficiaries
    /// @param attestor attests revenues
    constructor(RoyaltyToken token_, address admin, address attestor) {
        token = token_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(ATTESTOR_ROLE, attestor);
        token_.excludeSelf();
    }

    /// @notice Locks the caller's tokens for a beneficiary. Anyone, with an allowance.
    /// @param units token units, not zero
    /// @param baseline the revenue, in minor units, of the year before the first review's; not zero
    /// @param terms see {Terms}
    function lock(address beneficiary, uint256 units, uint256 baseline, Terms calldata terms)
        external
        returns (uint256 lockId)
    {
        if (beneficiary == address(0) || units == 0 || baseline == 0) revert BadLock(beneficiary, units, baseline);
        if (
            terms.firstReview <= block.timestamp || terms.reviewInterval == 0 || terms.trancheBps == 0
                || terms.trancheBps > WHOLE_BPS || terms.stakedFloorBps > WHOLE_BPS
        ) revert BadTerms(terms);
        lockId = ++locks;
        Lock storage created = _locks[lockId];
        (created.beneficiary, created.terms, created.baseline) = (beneficiary, terms, baseline);
        (created.original, created.locked) = (units, units);
        totalLocked += units;
        emit Locked(lockId, beneficiary, units, baseline, terms);
        token.safeTransferFrom(msg.sender, address(this), units);
    }

    /// @notice Attests the revenue of the year that ended with the next review. Attestor only, once per review, not before
    /// its date. A passed review moves a tranche; a missed one moves nothing and is not made up. Either way this
    /// revenue is what the next review compares with.
    /// @param revenue minor units
    /// @param evidenceHash not zero
    function review(uint256 lockId, uint256 revenue, bytes32 evidenceHash) external onlyRole(ATTESTOR_ROLE) {
        Lock storage reviewed = _existing(lockId);
        if (evidenceHash == 0) revert NoEvidence(lockId);
        uint256 due = uint256(reviewed.terms.firstReview) + uint256(reviewed.terms.reviewInterval) * reviewed.reviews;
        if (block.timestamp < due) revert NotYet(due);
        uint256 before = reviewed.baseline;
        uint256 moved = _grew(before, revenue, reviewed.terms.growthBps) ? _tranche(reviewed) : 0;
        reviewed.locked -= moved;
        reviewed.staked += moved;
        totalLocked -= moved;
        totalStaked += moved;
        reviewed.baseline = revenue;
        emit Reviewed(lockId, ++reviewed.reviews, before, revenue, moved, evidenceHash);
    }

    /// @notice Sends the beneficiary what may become liquid. Beneficiary only, once per release interval.
    /// @param units token units, at most {releasable}
    function release(uint256 lockId, uint256 units) external {
        Lock storage from = _existing(lockId);
        if (msg.sender != from.beneficiary) revert NotBeneficiary(lockId, msg.sender, from.beneficiary);
        uint256 due = uint256(from.lastRelease) + from.terms.releaseInterval;
        if (block.timestamp < due) revert NotYet(due);
        uint256 most = releasable(lockId);
        if (units == 0 || units > most) revert NotReleasable(lockId, units, most);
        from.staked -= units;
        from.released += units;
        from.lastRelease = uint48(block.timestamp);
        totalStaked -= units;
        emit Released(lockId, msg.sender, units);
        token.safeTransfer(msg.sender, units);
    }

    /// @notice Moves a lock to another wallet of its beneficiary. Admin (timelock) only.
    function changeBeneficiary(uint256 lockId, address beneficiary) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Lock storage changed = _existing(lockId);
        if (beneficiary == address(0)) revert BadLock(beneficiary, changed.original, changed.baseline);
        emit BeneficiaryChanged(lockId, changed.beneficiary, beneficiary);
        changed.beneficiary = beneficiary;
    }

    /// @notice Units of a lock that may become liquid now, its interval apart: the excess of all that is staked over the
    /// floor, at most what this lock has staked. Circulating is the supply less what is locked.
    function releasable(uint256 lockId) public view returns (uint256) {
        Lock storage from = _existing(lockId);
        uint256 circulating = token.totalSupply() - totalLocked;
        uint256 floor = (circulating * from.terms.stakedFloorBps + WHOLE_BPS - 1) / WHOLE_BPS;
        if (totalStaked <= floor) return 0;
        uint256 excess = totalStaked - floor;
        return excess < from.staked ? excess : from.staked;
    }

    /// @notice A lock and what it has come to.
    function lockOf(uint256 lockId) external view returns (Lock memory) {
        return _existing(lockId);
    }

    /// @dev Whether revenue >= before x (1 + growth), by integers. A revenue too large to multiply has grown enough.
    function _grew(uint256 before, uint256 revenue, uint256 growthBps) private pure returns (bool) {
        if (revenue > type(uint256).max / WHOLE_BPS) return true;
        if (before > type(uint256).max / (WHOLE_BPS + growthBps)) return false;
        return revenue * WHOLE_BPS >= before * (WHOLE_BPS + growthBps);
    }

    function _tranche(Lock storage reviewed) private view returns (uint256) {
        uint256 tranche = reviewed.original * reviewed.terms.trancheBps / WHOLE_BPS;
        return tranche < reviewed.locked ? tranche : reviewed.locked;
    }

    function _existing(uint256 lockId) private view returns (Lock storage found) {
        found = _locks[lockId];
        if (found.beneficiary == address(0)) revert NoSuchLock(lockId);
    }
}

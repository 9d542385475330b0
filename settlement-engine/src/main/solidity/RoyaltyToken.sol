// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title The right to a share of royalties
/// @notice An ERC-20 of fixed supply whose balances can be asked for any past second, so that a record point is a block
/// that anyone can read again. Excluded holders (locked, treasury, pool, merchant) are listed, and have no votes.
/// @dev Votes are balances: nobody has to delegate. Everything with power over a holder's tokens takes two roles and a
/// delay (recovery), or can be seen and undone (freeze, allow-list).
contract RoyaltyToken is ERC20, ERC20Permit, AccessControl {
    using Checkpoints for Checkpoints.Trace208;
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @notice Freezes accounts, keeps the allow-list, approves recoveries.
    bytes32 public constant COMPLIANCE_ROLE = keccak256("COMPLIANCE");

    /// @notice Proposes recoveries.
    bytes32 public constant TRUSTEE_ROLE = keccak256("TRUSTEE");

    /// @notice Seconds between the approval of a recovery and its earliest execution.
    uint256 public immutable recoveryDelay;

    /// @notice A lost wallet's balance on its way to the holder's new wallet; `executableFrom` is zero until approved.
    struct Recovery {
        address to;
        uint48 executableFrom;
        address proposer;
        bytes32 evidenceHash;
    }

    /// @notice Accounts that can neither send nor receive.
    mapping(address account => bool frozen) public isFrozen;

    /// @notice Whether only allowed accounts may receive.
    bool public restricted;

    /// @notice Accounts that may receive while {restricted}.
    mapping(address account => bool allowed) public isAllowed;

    /// @notice The pending recovery of each lost wallet.
    mapping(address from => Recovery) public recoveryOf;

    EnumerableSet.AddressSet private _excluded;
    mapping(address account => Checkpoints.Trace208) private _balances;
    mapping(address account => Checkpoints.Trace208) private _exclusions;
    Checkpoints.Trace208 private _eligible;

    /// @notice An account has begun or ceased to be frozen.
    event FrozenChanged(address indexed account, bool frozen);

    /// @notice Receiving has begun or ceased to need the allow-list.
    event RestrictionChanged(bool restricted);

    /// @notice An account may, or may no longer, receive while restricted.
    event AllowedChanged(address indexed account, bool allowed);

    /// @notice An account's tokens have ceased, or begun, to vote and count.
    event ExclusionChanged(address indexed account, bool excluded);

    /// @notice A recovery waits for its approval.
    event RecoveryProposed(address indexed from, address indexed to, bytes32 evidenceHash, address indexed proposer);

    /// @notice A recovery may be executed from `executableFrom` on, unless cancelled.
    event RecoveryApproved(address indexed from, address indexed to, uint48 executableFrom);

    /// @notice A recovery will not happen.
    event RecoveryCancelled(address indexed from, address indexed by);

    /// @notice A lost wallet's whole balance has moved.
    event Recovered(address indexed from, address indexed to, uint256 units, bytes32 evidenceHash);

    error AccountFrozen(address account);
    error AccountNotAllowed(address account);
    error Unchanged(address account, bool value);
    error ZeroAccount();
    error ZeroSupply();
    error FutureTimepoint(uint256 timepoint, uint48 clock);
    error BadRecovery(address from, address to, bytes32 evidenceHash);
    error RecoveryPending(address from, address to);
    error NoRecovery(address from, address to);
    error SamePerson(address proposer);
    error AlreadyApproved(address from, uint48 executableFrom);
    error NotYet(uint48 executableFrom);
    error NotApproved(address from);
    error NotCancellable(address from, address caller);

    /// @notice Mints the whole supply to the issuer. There is no later mint and no burn.
    /// @param name_ the token's name
    /// @param symbol_ the token's symbol
    /// @param supply token units, below 2^208
    /// @param issuer receives the supply; excluded, as what it keeps is treasury
    /// @param admin the DAO's timelock: exclusions and roles
    /// @param compliance freezes, keeps the allow-list, approves recoveries
    /// @param trustee proposes recoveries; not the same person as compliance
    /// @param recoveryDelay_ seconds
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        address issuer,
        address admin,
        address compliance,
        address trustee,
        uint256 recoveryDelay_
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        if (supply == 0) revert ZeroSupply();
        recoveryDelay = recoveryDelay_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(COMPLIANCE_ROLE, compliance);
        _grantRole(TRUSTEE_ROLE, trustee);
        _setExcluded(issuer, true);
        _mint(issuer, supply);
    }

    // ---- what was held when

    /// @notice Units that an account held at the end of the second `timepoint`, which must be past.
    function balanceOfAt(address account, uint256 timepoint) external view returns (uint256) {
        return _balances[account].upperLookupRecent(_past(timepoint));
    }

    /// @notice Whether an account was excluded at the end of the second `timepoint`, which must be past.
    function wasExcluded(address account, uint256 timepoint) external view returns (bool) {
        return _exclusions[account].upperLookupRecent(_past(timepoint)) != 0;
    }

    /// @notice Votes at the end of the second `timepoint`: the balance, or zero for an excluded account.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        uint48 past = _past(timepoint);
        return _exclusions[account].upperLookupRecent(past) != 0 ? 0 : _balances[account].upperLookupRecent(past);
    }

    /// @notice All votes there were at the end of the second `timepoint`: the supply less what excluded accounts held.
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _eligible.upperLookupRecent(_past(timepoint));
    }

    /// @notice Votes now.
    function getVotes(address account) external view returns (uint256) {
        return _excluded.contains(account) ? 0 : balanceOf(account);
    }

    /// @notice Accounts that are excluded now, from `start` (inclusive) to `end` (exclusive, cut to their number): paged, as
    /// anyone may join by {excludeSelf}.
    function excludedHolders(uint256 start, uint256 end) external view returns (address[] memory) {
        return _excluded.values(start, end);
    }

    /// @notice Whether an account is excluded now.
    function isExcluded(address account) external view returns (bool) {
        return _excluded.contains(account);
    }

    /// @notice ERC-6372: seconds.
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    // ---- who may hold and move

    /// @inheritdoc ERC20
    /// @dev Reverts with {AccountFrozen} or {AccountNotAllowed}.
    function transfer(address to, uint256 units) public override returns (bool) {
        _requireTransferable(msg.sender, to);
        return super.transfer(to, units);
    }

    /// @inheritdoc ERC20
    /// @dev Reverts with {AccountFrozen} or {AccountNotAllowed}.
    function transferFrom(address from, address to, uint256 units) public override returns (bool) {
        _requireTransferable(from, to);
        return super.transferFrom(from, to, units);
    }

    /// @notice Freezes an account, or ends it. Compliance only.
    function setFrozen(address account, bool frozen) external onlyRole(COMPLIANCE_ROLE) {
        if (isFrozen[account] == frozen) revert Unchanged(account, frozen);
        isFrozen[account] = frozen;
        emit FrozenChanged(account, frozen);
    }

    /// @notice Makes receiving need the allow-list, or no longer. Compliance only.
    function setRestricted(bool restricted_) external onlyRole(COMPLIANCE_ROLE) {
        if (restricted == restricted_) revert Unchanged(address(0), restricted_);
        restricted = restricted_;
        emit RestrictionChanged(restricted_);
    }

    /// @notice Puts an account on the allow-list, or takes it off. Compliance only.
    function setAllowed(address account, bool allowed) external onlyRole(COMPLIANCE_ROLE) {
        if (isAllowed[account] == allowed) revert Unchanged(account, allowed);
        isAllowed[account] = allowed;
        emit AllowedChanged(account, allowed);
    }

    /// @notice Excludes an account from votes and count, or includes it, from this second on. Admin (timelock) only.
    function setExcluded(address account, bool excluded) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (_excluded.contains(account) == excluded) revert Unchanged(account, excluded);
        _setExcluded(account, excluded);
    }

    /// @notice An account gives up its own votes for good, as a lock or a pool does when it is set up. Only the admin
    /// includes it again.
    function excludeSelf() external {
        if (_excluded.contains(msg.sender)) revert Unchanged(msg.sender, true);
        _setExcluded(msg.sender, true);
    }

    // ---- a lost wallet

    /// @notice First step: names the new wallet and the evidence. Trustee only.
    function proposeRecovery(address from, address to, bytes32 evidenceHash) external onlyRole(TRUSTEE_ROLE) {
        if (from == address(0) || to == address(0) || from == to || evidenceHash == 0) {
            revert BadRecovery(from, to, evidenceHash);
        }
        if (recoveryOf[from].to != address(0)) revert RecoveryPending(from, recoveryOf[from].to);
        recoveryOf[from] = Recovery(to, 0, msg.sender, evidenceHash);
        emit RecoveryProposed(from, to, evidenceHash, msg.sender);
    }

    /// @notice Second step, by another person: starts the delay. Compliance only.
    /// @param to what the approver saw, so that nothing else can have been put in its place
    function approveRecovery(address from, address to) external onlyRole(COMPLIANCE_ROLE) {
        Recovery storage recovery = recoveryOf[from];
        if (to == address(0) || recovery.to != to) revert NoRecovery(from, to);
        if (recovery.proposer == msg.sender) revert SamePerson(msg.sender);
        if (recovery.executableFrom != 0) revert AlreadyApproved(from, recovery.executableFrom);
        recovery.executableFrom = uint48(block.timestamp + recoveryDelay);
        emit RecoveryApproved(from, to, recovery.executableFrom);
    }

    /// @notice Stops a recovery. The old key itself, which is then not lost; or either role.
    function cancelRecovery(address from) external {
        if (recoveryOf[from].to == address(0)) revert NoRecovery(from, address(0));
        if (msg.sender != from && !hasRole(COMPLIANCE_ROLE, msg.sender) && !hasRole(TRUSTEE_ROLE, msg.sender)) {
            revert NotCancellable(from, msg.sender);
        }
        delete recoveryOf[from];
        emit RecoveryCancelled(from, msg.sender);
    }

    /// @notice Last step, after the delay: moves the whole balance, frozen or not. Anyone.
    function recover(address from) external {
        Recovery memory recovery = recoveryOf[from];
        if (recovery.to == address(0)) revert NoRecovery(from, address(0));
        if (recovery.executableFrom == 0) revert NotApproved(from);
        if (block.timestamp < recovery.executableFrom) revert NotYet(recovery.executableFrom);
        delete recoveryOf[from];
        uint256 units = balanceOf(from);
        emit Recovered(from, recovery.to, units, recovery.evidenceHash);
        _transfer(from, recovery.to, units);
    }

    function _requireTransferable(address from, address to) private view {
        if (isFrozen[from]) revert AccountFrozen(from);
        if (isFrozen[to]) revert AccountFrozen(to);
        if (restricted && !isAllowed[to]) revert AccountNotAllowed(to);
    }

    function _setExcluded(address account, bool excluded) private {
        if (account == address(0)) revert ZeroAccount();
        uint208 units = SafeCast.toUint208(balanceOf(account));
        if (excluded) {
            _excluded.add(account);
            _eligible.push(clock(), _eligible.latest() - units);
        } else {
            _excluded.remove(account);
            _eligible.push(clock(), _eligible.latest() + units);
        }
        _exclusions[account].push(clock(), excluded ? 1 : 0);
        emit ExclusionChanged(account, excluded);
    }

    function _update(address from, address to, uint256 units) internal override {
        super._update(from, to, units);
        if (from != address(0)) _balances[from].push(clock(), SafeCast.toUint208(balanceOf(from)));
        _balances[to].push(clock(), SafeCast.toUint208(balanceOf(to)));
        bool leaves = from != address(0) && !_excluded.contains(from);
        bool arrives = !_excluded.contains(to);
        if (leaves == arrives) return;
        uint208 moved = SafeCast.toUint208(units);
        _eligible.push(clock(), arrives ? _eligible.latest() + moved : _eligible.latest() - moved);
    }

    function _past(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= clock()) revert FutureTimepoint(timepoint, clock());
        return uint48(timepoint);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @title The operational policies that stop the operator too
/// @notice Pause, breach locks, caps, the token list, the list of destinations other than holders, and the operator's
/// heartbeat. Whatever gives power waits `activationDelay`; whatever takes power away acts at once; what a guardian or a
/// monitor has stopped, only the admin (the DAO's timelock) starts again.
/// @dev Deny by default: an unlisted token, a store without a cap and an unlisted destination are refused.
contract PolicyGuard is AccessControl {
    /// @notice May pause, and withdraw anything announced or listed.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN");

    /// @notice May announce caps, tokens and destinations, which then wait `activationDelay`.
    bytes32 public constant POLICY_ROLE = keccak256("POLICY");

    /// @notice May lock a store on evidence of a breach.
    bytes32 public constant MONITOR_ROLE = keccak256("MONITOR");

    /// @notice Gives the heartbeat.
    bytes32 public constant OPERATOR_ROLE = keccak256("OPERATOR");

    /// @notice The shortest period of a cap, in seconds: a shorter one would cap nothing.
    uint256 public constant SHORTEST_PERIOD = 1 hours;

    /// @notice Seconds between an announcement and its earliest effect.
    uint256 public immutable activationDelay;

    /// @notice Seconds without a heartbeat after which anyone may push anchored batches.
    uint256 public immutable heartbeatLimit;

    /// @notice Token units that may be anchored per period; periods are aligned to the epoch, so a burst over a border
    /// can reach twice the cap. One storage slot.
    struct Cap {
        uint96 units;
        uint96 used;
        uint32 period;
        uint32 bucket;
    }

    /// @notice A cap that has been announced and is not in force.
    struct AnnouncedCap {
        uint96 units;
        uint32 period;
        uint48 from;
    }

    /// @notice What a token was when it was listed.
    struct Pin {
        bytes32 codeHash;
        uint8 decimals;
        uint48 from;
    }

    /// @notice Whether everything stands still.
    bool public paused;

    /// @notice When the operator last gave a sign of life.
    uint48 public lastHeartbeat;

    /// @notice The evidence under which a store is locked; zero when it is not.
    mapping(uint32 storeId => bytes32 evidenceHash) public breachOf;

    /// @notice What a distributor may anchor for a store in a token.
    mapping(address distributor => mapping(uint32 storeId => mapping(address token => Cap))) public capOf;

    /// @notice Caps announced, not yet in force.
    mapping(address distributor => mapping(uint32 storeId => mapping(address token => AnnouncedCap))) public announcedCapOf;

    /// @notice Listed tokens.
    mapping(address token => Pin) public pinOf;

    /// @notice When a destination other than a holder may first receive; zero when it may not.
    mapping(address account => uint48 from) public destinationFrom;

    /// @notice Everything stands still.
    event Paused(address indexed guardian);

    /// @notice The admin has ended the pause.
    event Unpaused();

    /// @notice A store's credentials, title and payouts are locked.
    event BreachReported(uint32 indexed storeId, bytes32 evidenceHash, address indexed monitor);

    /// @notice The admin has unlocked a store.
    event BreachCleared(uint32 indexed storeId, bytes32 evidenceHash);

    /// @notice The operator is alive.
    event HeartbeatGiven(address indexed operator);

    /// @notice A cap will be in force once activated, not before `from`.
    event CapAnnounced(
        address indexed distributor, uint32 indexed storeId, address indexed token, uint96 units, uint32 period, uint48 from
    );

    /// @notice A cap is in force.
    event CapChanged(
        address indexed distributor, uint32 indexed storeId, address indexed token, uint96 units, uint32 period
    );

    /// @notice An announced cap will not come into force.
    event CapWithdrawn(address indexed distributor, uint32 indexed storeId, address indexed token);

    /// @notice A token may be anchored from `from` on, as long as its code and decimals stay these.
    event TokenListed(address indexed token, bytes32 codeHash, uint8 decimals, uint48 from);

    /// @notice A token may no longer be anchored.
    event TokenDelisted(address indexed token);

    /// @notice A destination may receive from `from` on.
    event DestinationAnnounced(address indexed account, uint48 from);

    /// @notice A destination may no longer receive.
    event DestinationRemoved(address indexed account);

    error EverythingPaused();
    error NotPaused();
    error StoreLocked(uint32 storeId, bytes32 evidenceHash);
    error StoreNotLocked(uint32 storeId);
    error NoEvidence(uint32 storeId);
    error TokenNotListed(address token);
    error TokenNotYetActive(address token, uint48 from);
    error TokenCodeChanged(address token, bytes32 pinned, bytes32 found);
    error TokenDecimalsChanged(address token, uint8 pinned, uint8 found);
    error TokenAlreadyListed(address token);
    error NoCap(address distributor, uint32 storeId, address token);
    error CapExceeded(uint32 storeId, address token, uint256 used, uint256 units, uint256 cap);
    error BadPeriod(uint32 period, uint256 shortest);
    error NotLower(uint96 current, uint96 proposed);
    error NothingAnnounced(address distributor, uint32 storeId, address token);
    error NotYet(uint48 from);
    error BadDestination(address account);
    error NotGuardianOrPolicy(address caller);

    modifier onlyGuardianOrPolicy() {
        if (!hasRole(GUARDIAN_ROLE, msg.sender) && !hasRole(POLICY_ROLE, msg.sender)) {
            revert NotGuardianOrPolicy(msg.sender);
        }
        _;
    }

    /// @notice The guard starts unpaused, with nothing listed and the heartbeat fresh.
    /// @param admin the DAO's timelock: ends pauses and locks, changes roles
    /// @param guardian may stop
    /// @param policy may announce
    /// @param monitor may lock a store
    /// @param operator gives the heartbeat
    /// @param activationDelay_ seconds
    /// @param heartbeatLimit_ seconds
    constructor(
        address admin,
        address guardian,
        address policy,
        address monitor,
        address operator,
        uint256 activationDelay_,
        uint256 heartbeatLimit_
    ) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(GUARDIAN_ROLE, guardian);
        _grantRole(POLICY_ROLE, policy);
        _grantRole(MONITOR_ROLE, monitor);
        _grantRole(OPERATOR_ROLE, operator);
        activationDelay = activationDelay_;
        heartbeatLimit = heartbeatLimit_;
        lastHeartbeat = uint48(block.timestamp);
    }

    // ---- asked by the other contracts

    /// @notice Counts an anchoring by the calling distributor against the store's cap, after every other policy agreed.
    /// @dev Keyed by the caller, so a stranger can use up nothing but a cap that it does not have.
    /// @param storeId the store
    /// @param token the token to be paid
    /// @param units token units; the overflow is refused, never queued
    function consume(uint32 storeId, address token, uint96 units) external {
        _requireOpen(storeId);
        _requireListed(token);
        Cap storage stored = capOf[msg.sender][storeId][token];
        Cap memory cap = stored;
        if (cap.period == 0) revert NoCap(msg.sender, storeId, token);
        // forge-lint: disable-next-line(unsafe-typecast)
        uint32 bucket = uint32(block.timestamp / cap.period); // a period of an hour or more keeps this far below 2^32
        uint256 used = bucket == cap.bucket ? cap.used : 0;
        if (used + units > cap.units) revert CapExceeded(storeId, token, used, units, cap.units);
        unchecked {
            cap.used = uint96(used + units); // not above cap.units, a uint96
        }
        cap.bucket = bucket;
        capOf[msg.sender][storeId][token] = cap;
    }

    /// @notice Reverts when money of this store may not leave; else says whether the operator's heartbeat has lapsed.
    function requireOutflow(uint32 storeId) external view returns (bool operatorLapsed) {
        _requireOpen(storeId);
        return isOperatorLapsed();
    }

    /// @notice Reverts with {EverythingPaused} while paused.
    function requireUnpaused() public view {
        if (paused) revert EverythingPaused();
    }

    /// @notice Whether this store's credentials may be released and its title may pass.
    function isOpen(uint32 storeId) external view returns (bool) {
        return !paused && breachOf[storeId] == 0;
    }

    /// @notice Whether this account, not a holder, may receive now.
    function isDestination(address account) external view returns (bool) {
        uint48 from = destinationFrom[account];
        return from != 0 && block.timestamp >= from;
    }

    /// @notice Whether anyone may push anchored batches.
    function isOperatorLapsed() public view returns (bool) {
        return block.timestamp > lastHeartbeat + heartbeatLimit;
    }

    // ---- stop, and start again

    /// @notice Stops every outflow, anchoring and release at once. Guardian only; a repeat changes nothing.
    function pause() external onlyRole(GUARDIAN_ROLE) {
        paused = true;
        emit Paused(msg.sender);
    }

    /// @notice Ends the pause. Admin (timelock) only.
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (!paused) revert NotPaused();
        paused = false;
        emit Unpaused();
    }

    /// @notice Locks a store at once. Monitor only. The first evidence stays on record until the lock is cleared.
    /// @param evidenceHash not zero
    function reportBreach(uint32 storeId, bytes32 evidenceHash) external onlyRole(MONITOR_ROLE) {
        if (evidenceHash == 0) revert NoEvidence(storeId);
        if (breachOf[storeId] != 0) revert StoreLocked(storeId, breachOf[storeId]);
        breachOf[storeId] = evidenceHash;
        emit BreachReported(storeId, evidenceHash, msg.sender);
    }

    /// @notice Unlocks a store. Admin (timelock) only.
    function clearBreach(uint32 storeId) external onlyRole(DEFAULT_ADMIN_ROLE) {
        bytes32 evidenceHash = breachOf[storeId];
        if (evidenceHash == 0) revert StoreNotLocked(storeId);
        delete breachOf[storeId];
        emit BreachCleared(storeId, evidenceHash);
    }

    /// @notice A sign of life. Operator only.
    function heartbeat() external onlyRole(OPERATOR_ROLE) {
        lastHeartbeat = uint48(block.timestamp);
        emit HeartbeatGiven(msg.sender);
    }

    // ---- caps

    /// @notice Announces a first, higher or otherwise different cap. Policy only; replaces an earlier announcement.
    /// @param units token units per period
    /// @param period seconds, not under {SHORTEST_PERIOD}
    function announceCap(address distributor, uint32 storeId, address token, uint96 units, uint32 period)
        external
        onlyRole(POLICY_ROLE)
    {
        if (period < SHORTEST_PERIOD) revert BadPeriod(period, SHORTEST_PERIOD);
        uint48 from = _afterDelay();
        announcedCapOf[distributor][storeId][token] = AnnouncedCap(units, period, from);
        emit CapAnnounced(distributor, storeId, token, units, period, from);
    }

    /// @notice Puts an announced cap in force once its delay is over. Anyone. What was used in the running period of an
    /// unchanged length stays used.
    function activateCap(address distributor, uint32 storeId, address token) external {
        AnnouncedCap memory next = announcedCapOf[distributor][storeId][token];
        if (next.from == 0) revert NothingAnnounced(distributor, storeId, token);
        if (block.timestamp < next.from) revert NotYet(next.from);
        delete announcedCapOf[distributor][storeId][token];
        Cap storage cap = capOf[distributor][storeId][token];
        if (cap.period != next.period) (cap.used, cap.bucket) = (0, 0);
        (cap.units, cap.period) = (next.units, next.period);
        emit CapChanged(distributor, storeId, token, next.units, next.period);
    }

    /// @notice Lowers a cap at once. Guardian or policy.
    function lowerCap(address distributor, uint32 storeId, address token, uint96 units) external onlyGuardianOrPolicy {
        Cap storage cap = capOf[distributor][storeId][token];
        if (units >= cap.units) revert NotLower(cap.units, units);
        cap.units = units;
        delete announcedCapOf[distributor][storeId][token];
        emit CapChanged(distributor, storeId, token, units, cap.period);
    }

    /// @notice Withdraws an announced cap. Guardian or policy.
    function withdrawCap(address distributor, uint32 storeId, address token) external onlyGuardianOrPolicy {
        if (announcedCapOf[distributor][storeId][token].from == 0) revert NothingAnnounced(distributor, storeId, token);
        delete announcedCapOf[distributor][storeId][token];
        emit CapWithdrawn(distributor, storeId, token);
    }

    // ---- tokens and destinations

    /// @notice Lists a token as it is now, effective after the delay. Policy only.
    /// @dev A proxy's code hash pins the proxy, not what it points to: its decimals are asked again at each anchoring.
    /// @param codeHash what the caller checked; must be the token's
    /// @param decimals what the caller checked; must be the token's
    function listToken(address token, bytes32 codeHash, uint8 decimals) external onlyRole(POLICY_ROLE) {
        if (pinOf[token].codeHash != 0) revert TokenAlreadyListed(token);
        if (token.code.length == 0 || token.codehash != codeHash) revert TokenCodeChanged(token, codeHash, token.codehash);
        uint8 found = IERC20Metadata(token).decimals();
        if (found != decimals) revert TokenDecimalsChanged(token, decimals, found);
        uint48 from = _afterDelay();
        pinOf[token] = Pin(codeHash, decimals, from);
        emit TokenListed(token, codeHash, decimals, from);
    }

    /// @notice Takes a token off the list at once. Guardian or policy. What is anchored stays payable.
    function delistToken(address token) external onlyGuardianOrPolicy {
        if (pinOf[token].codeHash == 0) revert TokenNotListed(token);
        delete pinOf[token];
        emit TokenDelisted(token);
    }

    /// @notice Announces a destination other than a holder. Policy only.
    function announceDestination(address account) external onlyRole(POLICY_ROLE) {
        if (account == address(0) || destinationFrom[account] != 0) revert BadDestination(account);
        uint48 from = _afterDelay();
        destinationFrom[account] = from;
        emit DestinationAnnounced(account, from);
    }

    /// @notice Removes a destination at once. Guardian or policy.
    function removeDestination(address account) external onlyGuardianOrPolicy {
        if (destinationFrom[account] == 0) revert BadDestination(account);
        delete destinationFrom[account];
        emit DestinationRemoved(account);
    }

    function _requireOpen(uint32 storeId) private view {
        requireUnpaused();
        bytes32 evidenceHash = breachOf[storeId];
        if (evidenceHash != 0) revert StoreLocked(storeId, evidenceHash);
    }

    function _requireListed(address token) private view {
        Pin memory pin = pinOf[token];
        if (pin.codeHash == 0) revert TokenNotListed(token);
        if (block.timestamp < pin.from) revert TokenNotYetActive(token, pin.from);
        if (token.codehash != pin.codeHash) revert TokenCodeChanged(token, pin.codeHash, token.codehash);
        uint8 found = IERC20Metadata(token).decimals();
        if (found != pin.decimals) revert TokenDecimalsChanged(token, pin.decimals, found);
    }

    function _afterDelay() private view returns (uint48) {
        return uint48(block.timestamp + activationDelay);
    }
}

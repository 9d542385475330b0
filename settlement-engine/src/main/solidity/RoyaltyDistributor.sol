// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {PolicyGuard} from "./PolicyGuard.sol";
import {RoutingRuleRegistry} from "./RoutingRuleRegistry.sol";

/// @title What was anchored is what is paid
/// @notice A distribution is anchored once, with its money, under a rule that was in force at its record point. Its payout
/// tree has a leaf per batch; a batch executes once and pays every payee in it exactly, or credits to `owed` whom the
/// token refuses or compliance has frozen, and never holds up the others.
/// @dev Two leaves name a batch: a list (payees and amounts in calldata) or a page (payees in the code of a
/// {PayeeBook} page, amounts in calldata), the cheaper one where the same payees are paid again and again. The stored root
/// joins the payout tree and the entitlement tree, so every proof ends with the other tree's root. All leaves are
/// hashed twice, over the chain, this contract and the distribution; their lengths differ, so none passes for another.
/// Solvency: `committed[token]` is all that is undistributed or owed, and the balance covers it after every call.
contract RoyaltyDistributor is AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Anchors, and pushes batches.
    bytes32 public constant OPERATOR_ROLE = keccak256("OPERATOR");

    /// @notice Freezes payees.
    bytes32 public constant COMPLIANCE_ROLE = keccak256("COMPLIANCE");

    /// @notice First word of an entitlement leaf.
    bytes32 public constant ENTITLEMENT = keccak256("sluice/entitlement/1");

    /// @notice Bytes of one entry of a list: a 20-byte payee, then its 12-byte amount in token units, big-endian.
    uint256 public constant ENTRY_BYTES = 32;

    /// @notice The most batches of a distribution: their marks share a storage word with its totals.
    uint256 public constant MOST_BATCHES = 64;

    /// @notice Gas given to each token transfer: always this much, so that the caller's gas limit decides no outcome.
    uint256 public constant TRANSFER_GAS = 150_000;

    /// @notice Gas that must be left before each transfer: its gas, the 1/64 that a call retains, and 60 000 for our
    /// bookkeeping. A literal, as assembly reads it.
    uint256 public constant GAS_FLOOR = 212_380;

    /// @dev {IERC20-transfer}'s selector where the last four of the first twenty bytes are. A literal, as assembly reads it.
    uint256 private constant TRANSFER_SELECTOR = 0xa9059cbb000000000000000000000000;

    /// @notice Seconds after anchoring from which the admin may close a distribution that cannot be completed.
    uint256 public constant CLOSE_AFTER = 365 days;

    /// @notice The policies asked before anything is anchored or leaves.
    PolicyGuard public immutable guard;

    /// @notice The rules that a distribution may cite.
    RoutingRuleRegistry public immutable rules;

    /// @notice What a distribution is anchored with.
    /// @param id never used before; the engine derives it from chain, contract and order
    /// @param payoutRoot root of the tree of batch leaves
    /// @param entitlementRoot root of the tree of entitlement leaves
    /// @param token listed with the guard
    /// @param total token units of all batches together
    /// @param batches 1 to {MOST_BATCHES}
    /// @param ruleHash in force at the record point
    /// @param storeId the store whose cap it uses
    /// @param recordPoint seconds; not in the future
    struct Anchor {
        bytes32 id;
        bytes32 payoutRoot;
        bytes32 entitlementRoot;
        address token;
        uint96 total;
        uint8 batches;
        bytes32 ruleHash;
        uint32 storeId;
        uint48 recordPoint;
    }

    /// @notice UNKNOWN was never anchored; CANCELLED gave its money back whole, CLOSED what was left.
    enum State {
        UNKNOWN,
        OPEN,
        CANCELLED,
        CLOSED
    }

    /// @notice An anchored distribution, in three storage words. Bit i of `executed` is batch i.
    struct Distribution {
        bytes32 root;
        address token;
        uint48 anchoredAt;
        uint32 storeId;
        uint8 batches;
        State state;
        uint96 total;
        uint96 paid;
        uint64 executed;
    }

    /// @dev Where the payees and amounts of a batch lie in memory, and how far paying them has come.
    struct Cursor {
        bytes32 id;
        uint256 index;
        address token;
        uint256 count;
        uint256 payeeAt;
        uint256 payeeStride;
        uint256 amountAt;
        uint256 amountStride;
        uint256 amountShift;
        uint256 amountEnd;
        uint256 filter;
        uint256 sum;
        uint256 failedSum;
    }

    /// @notice Token units credited to a payee who could not be paid, not yet withdrawn.
    mapping(address token => mapping(address payee => uint256 units)) public owed;

    /// @notice Token units that are not this contract's to spare: undistributed and owed, over all distributions.
    mapping(address token => uint256 units) public committed;

    /// @notice Payees whose payouts are withheld; they are credited, and may withdraw once unfrozen.
    mapping(address payee => bool frozen) public isFrozen;

    /// @dev Bit b is set when a frozen payee's last byte is b: one word tells most payees from the frozen ones.
    uint256 private _frozenFilter;
    mapping(uint8 lastByte => uint256 frozen) private _frozenByLastByte;
    mapping(bytes32 id => Distribution) private _distributions;

    /// @notice A distribution is anchored and funded.
    event DistributionAnchored(
        bytes32 indexed id,
        uint32 indexed storeId,
        bytes32 indexed ruleHash,
        address token,
        uint96 total,
        uint8 batches,
        uint48 recordPoint,
        bytes32 payoutRoot,
        bytes32 entitlementRoot
    );

    /// @notice A batch has executed: `count` payees over `sum` token units, of which `failedSum` were credited to `owed`.
    event BatchExecuted(bytes32 indexed id, uint256 indexed index, uint256 count, uint256 sum, uint256 failedSum);

    /// @notice A payee could not be paid; the units are credited to `owed`.
    event PayoutFailed(
        bytes32 indexed id, uint256 indexed index, address indexed payee, address token, uint256 units, bool frozen
    );

    /// @notice A payee has been sent what it was owed.
    event OwedWithdrawn(address indexed token, address indexed payee, uint256 units);

    /// @notice What a payee was owed is owed to another destination.
    event OwedReassigned(address indexed token, address indexed from, address indexed to, uint256 units);

    /// @notice A distribution of which nothing was paid has given its money back.
    event DistributionCancelled(bytes32 indexed id, address indexed refundTo, uint256 units);

    /// @notice A distribution that could not be completed has given back what was left.
    event DistributionClosed(bytes32 indexed id, address indexed refundTo, uint256 units);

    /// @notice Tokens that were sent here by mistake have been sent on.
    event SurplusRecovered(address indexed token, address indexed to, uint256 units);

    /// @notice A payee has begun or ceased to be frozen.
    event FrozenChanged(address indexed payee, bool frozen);

    error BadAnchor(bytes32 id, uint96 total, uint8 batches);
    error AlreadyAnchored(bytes32 id, State state);
    error NotOpen(bytes32 id, State state);
    error RecordPointInFuture(uint48 recordPoint, uint256 time);
    error RuleNotInForce(uint32 storeId, bytes32 ruleHash, uint48 recordPoint);
    error FundingMismatch(address token, uint256 expected, uint256 received);
    error NotAnchoredBatch(bytes32 id, uint256 index, bytes32 leaf);
    error NoSuchBatch(bytes32 id, uint256 index, uint256 batches);
    error AlreadyExecuted(bytes32 id, uint256 index);
    error BadLength(uint256 length, uint256 unit);
    error BadEntry(uint256 position, address payee, uint256 units);
    error TotalExceeded(bytes32 id, uint256 sum, uint256 left);
    error TotalNotReached(bytes32 id, uint256 sum, uint256 left);
    error NotEnoughGas(uint256 position, uint256 left, uint256 floor);
    error Insolvent(address token, uint256 committed, uint256 held);
    error NotOperator(address caller);
    error NothingOwed(address token, address payee);
    error PayeeFrozen(address payee);
    error FrozenUnchanged(address payee, bool frozen);
    error NotADestination(address account);
    error PartlyExecuted(bytes32 id, uint64 executed);
    error NotYetClosable(bytes32 id, uint256 from);
    error NoSurplus(address token);

    /// @param admin the DAO's timelock: recovers, changes roles; cannot change what is anchored
    /// @param operator anchors and pushes
    /// @param compliance freezes payees
    /// @param guard_ the policies, for good
    /// @param rules_ the rules, for good
    constructor(
        address admin,
        address operator,
        address compliance,
        PolicyGuard guard_,
        RoutingRuleRegistry rules_
    ) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(OPERATOR_ROLE, operator);
        _grantRole(COMPLIANCE_ROLE, compliance);
        (guard, rules) = (guard_, rules_);
    }

    // ---- anchoring

    /// @notice Anchors a distribution and takes its total from the caller. Operator only, with an allowance.
    /// @dev Reverts with {BadAnchor}, {AlreadyAnchored}, {RecordPointInFuture}, {RuleNotInForce}, any refusal of the guard,
    /// and {FundingMismatch} for a token that does not move exactly what it is told to.
    function anchorDistribution(Anchor calldata anchor) external nonReentrant onlyRole(OPERATOR_ROLE) {
        _anchor(anchor);
    }

    /// @notice Anchors a distribution of one list batch and executes it, for a register that fits in one transaction: saves
    /// a transaction and every second reading. Operator only.
    /// @param anchor of one batch, whose `payoutRoot` is the batch's leaf
    /// @param packed entries of {ENTRY_BYTES}
    function anchorAndExecute(Anchor calldata anchor, bytes calldata packed)
        external
        nonReentrant
        onlyRole(OPERATOR_ROLE)
    {
        bytes32 leaf = batchLeaf(anchor.id, 0, packed);
        if (anchor.batches != 1 || anchor.payoutRoot != leaf) revert NotAnchoredBatch(anchor.id, 0, leaf);
        _anchor(anchor);
        _execute(_list(anchor.id, 0, packed));
    }

    /// @notice As {anchorAndExecute}, for a page batch. Operator only.
    /// @param anchor of one batch, whose `payoutRoot` is the batch's leaf
    /// @param page the page; the leaf names its code's hash
    /// @param width bytes of one amount, 1 to 12
    /// @param amounts one per payee of the page, big-endian; none zero
    function anchorAndExecutePage(Anchor calldata anchor, address page, uint8 width, bytes calldata amounts)
        external
        nonReentrant
        onlyRole(OPERATOR_ROLE)
    {
        bytes32 leaf = pageLeaf(anchor.id, 0, page.codehash, width, amounts);
        if (anchor.batches != 1 || anchor.payoutRoot != leaf) revert NotAnchoredBatch(anchor.id, 0, leaf);
        _anchor(anchor);
        _execute(_page(anchor.id, 0, page, width, amounts));
    }

    // ---- executing

    /// @notice Executes a list batch. Operator; anyone once the operator's heartbeat has lapsed, or the distribution is older
    /// than the heartbeat's limit.
    /// @dev Reverts with {AlreadyExecuted} on a repeat, {NotAnchoredBatch} for anything that was not anchored, {NotEnoughGas}
    /// rather than let a low gas limit turn a payment into a failure, {TotalExceeded} or {TotalNotReached} when the batches
    /// do not sum to the total, and any refusal of the guard.
    /// @param id the distribution
    /// @param index the batch's number, from 0
    /// @param proof from the leaf to the payout root, then the entitlement root
    /// @param packed entries of {ENTRY_BYTES}: no zero amount, no zero address, not this contract
    function executeBatch(bytes32 id, uint256 index, bytes32[] calldata proof, bytes calldata packed)
        external
        nonReentrant
    {
        _authorise(id, index, proof, batchLeaf(id, index, packed));
        _execute(_list(id, index, packed));
    }

    /// @notice Executes a page batch: the payees of a {PayeeBook} page, in its order. As {executeBatch} otherwise.
    /// @param page the page; the leaf names its code's hash
    /// @param width bytes of one amount, 1 to 12
    /// @param amounts one per payee of the page, big-endian; none zero
    function executePageBatch(
        bytes32 id,
        uint256 index,
        bytes32[] calldata proof,
        address page,
        uint8 width,
        bytes calldata amounts
    ) external nonReentrant {
        _authorise(id, index, proof, pageLeaf(id, index, page.codehash, width, amounts));
        _execute(_page(id, index, page, width, amounts));
    }

    // ---- owed

    /// @notice Sends a payee all that it is owed in a token. Anyone may ask, only the payee receives.
    /// @dev Reverts with {NothingOwed}, {PayeeFrozen}, or the token's own reason while it still refuses the payee; then
    /// nothing is lost and it can be tried again.
    function withdrawOwed(address token, address payee) external nonReentrant {
        guard.requireUnpaused();
        if (isFrozen[payee]) revert PayeeFrozen(payee);
        uint256 units = owed[token][payee];
        if (units == 0) revert NothingOwed(token, payee);
        delete owed[token][payee];
        committed[token] -= units;
        emit OwedWithdrawn(token, payee, units);
        IERC20(token).safeTransfer(payee, units);
        _requireSolvent(token);
    }

    /// @notice Makes what a lost payee is owed owed to a destination on the guard's list. Admin (timelock) only.
    /// @dev The money stays here: the destination withdraws it.
    function reassignOwed(address token, address from, address to) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        guard.requireUnpaused();
        _requireDestination(to);
        uint256 units = owed[token][from];
        if (units == 0 || from == to) revert NothingOwed(token, from);
        delete owed[token][from];
        owed[token][to] += units;
        emit OwedReassigned(token, from, to, units);
    }

    /// @notice Withholds a payee's payouts, or ends it. Compliance only.
    function setFrozen(address payee, bool frozen) external onlyRole(COMPLIANCE_ROLE) {
        if (isFrozen[payee] == frozen) revert FrozenUnchanged(payee, frozen);
        isFrozen[payee] = frozen;
        // forge-lint: disable-next-line(unsafe-typecast)
        uint8 lastByte = uint8(uint160(payee)); // the last byte is what is meant
        uint256 count = frozen ? _frozenByLastByte[lastByte] + 1 : _frozenByLastByte[lastByte] - 1;
        _frozenByLastByte[lastByte] = count;
        if (count == 0) _frozenFilter &= ~(uint256(1) << lastByte);
        else _frozenFilter |= uint256(1) << lastByte;
        emit FrozenChanged(payee, frozen);
    }

    // ---- recovery, by the timelock and to listed destinations only

    /// @notice Gives back the money of a distribution of which no batch has executed. Its id stays used.
    function cancelDistribution(bytes32 id, address refundTo) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        Distribution storage distribution = _open(id);
        if (distribution.executed != 0) revert PartlyExecuted(id, distribution.executed);
        uint256 units = _refund(distribution, State.CANCELLED, refundTo);
        emit DistributionCancelled(id, refundTo, units);
    }

    /// @notice Gives back what is left of a distribution that could not be completed in {CLOSE_AFTER}, be it that its batches
    /// are lost or do not sum to its total. Its id stays used; what it owes stays owed.
    function closeDistribution(bytes32 id, address refundTo) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        Distribution storage distribution = _open(id);
        uint256 from = distribution.anchoredAt + CLOSE_AFTER;
        if (block.timestamp < from) revert NotYetClosable(id, from);
        if (distribution.paid == distribution.total) revert TotalExceeded(id, 0, 0);
        uint256 units = _refund(distribution, State.CLOSED, refundTo);
        emit DistributionClosed(id, refundTo, units);
    }

    /// @notice Sends on what was sent here by mistake: the balance above what is committed.
    function recoverSurplus(address token, address to) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        guard.requireUnpaused();
        _requireDestination(to);
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held <= committed[token]) revert NoSurplus(token);
        uint256 units = held - committed[token];
        emit SurplusRecovered(token, to, units);
        IERC20(token).safeTransfer(to, units);
        _requireSolvent(token);
    }

    // ---- for anyone to check

    /// @notice An anchored distribution, or all zero.
    function distributionState(bytes32 id) external view returns (Distribution memory) {
        return _distributions[id];
    }

    /// @notice Whether a batch has executed.
    function isExecuted(bytes32 id, uint256 index) external view returns (bool) {
        return index < MOST_BATCHES && (_distributions[id].executed >> index) & 1 == 1;
    }

    /// @notice Whether the anchored entitlement tree says that a holder is entitled to `gross` token units.
    /// @param proof from the leaf to the entitlement root, then the payout root
    function isEntitled(bytes32 id, bytes32 holder, uint256 gross, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        bytes32 root = _distributions[id].root;
        return root != 0 && MerkleProof.verifyCalldata(proof, root, entitlementLeaf(id, holder, gross));
    }

    /// @notice The leaf of a list batch.
    function batchLeaf(bytes32 id, uint256 index, bytes calldata packed) public view returns (bytes32) {
        return _twice(abi.encode(block.chainid, address(this), id, index, keccak256(packed)));
    }

    /// @notice The leaf of a page batch.
    function pageLeaf(bytes32 id, uint256 index, bytes32 pageCodeHash, uint8 width, bytes calldata amounts)
        public
        view
        returns (bytes32)
    {
        return _twice(
            abi.encode(block.chainid, address(this), id, index, pageCodeHash, uint256(width), keccak256(amounts))
        );
    }

    /// @notice The leaf of a holder's entitlement.
    /// @param holder keccak256 of the holder's id
    /// @param gross token units
    function entitlementLeaf(bytes32 id, bytes32 holder, uint256 gross) public view returns (bytes32) {
        return _twice(abi.encode(ENTITLEMENT, block.chainid, address(this), id, holder, gross));
    }

    // ---- inside

    function _anchor(Anchor calldata anchor) private {
        if (
            anchor.id == 0 || anchor.payoutRoot == 0 || anchor.entitlementRoot == 0 || anchor.total == 0
                || anchor.batches == 0 || anchor.batches > MOST_BATCHES
        ) revert BadAnchor(anchor.id, anchor.total, anchor.batches);
        Distribution storage distribution = _distributions[anchor.id];
        if (distribution.state != State.UNKNOWN) revert AlreadyAnchored(anchor.id, distribution.state);
        if (anchor.recordPoint > block.timestamp) revert RecordPointInFuture(anchor.recordPoint, block.timestamp);
        if (!rules.wasInForce(anchor.storeId, anchor.ruleHash, anchor.recordPoint)) {
            revert RuleNotInForce(anchor.storeId, anchor.ruleHash, anchor.recordPoint);
        }
        guard.consume(anchor.storeId, anchor.token, anchor.total);

        distribution.root = Hashes.commutativeKeccak256(anchor.payoutRoot, anchor.entitlementRoot);
        distribution.token = anchor.token;
        distribution.anchoredAt = uint48(block.timestamp);
        distribution.storeId = anchor.storeId;
        distribution.batches = anchor.batches;
        distribution.state = State.OPEN;
        distribution.total = anchor.total;
        committed[anchor.token] += anchor.total;
        _emitAnchored(anchor);
        _takeFunds(anchor.token, anchor.total);
    }

    /// @dev Apart, for the stack.
    function _emitAnchored(Anchor calldata anchor) private {
        emit DistributionAnchored(
            anchor.id,
            anchor.storeId,
            anchor.ruleHash,
            anchor.token,
            anchor.total,
            anchor.batches,
            anchor.recordPoint,
            anchor.payoutRoot,
            anchor.entitlementRoot
        );
    }

    function _takeFunds(address token, uint256 total) private {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), total);
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held < before || held - before != total) {
            revert FundingMismatch(token, total, held < before ? 0 : held - before);
        }
        if (held < committed[token]) revert Insolvent(token, committed[token], held);
    }

    /// @dev Who may push, and whether this is what was anchored.
    function _authorise(bytes32 id, uint256 index, bytes32[] calldata proof, bytes32 leaf) private view {
        Distribution storage distribution = _open(id);
        bool lapsed = guard.requireOutflow(distribution.storeId);
        if (!lapsed && block.timestamp <= distribution.anchoredAt + guard.heartbeatLimit()) {
            if (!hasRole(OPERATOR_ROLE, msg.sender)) revert NotOperator(msg.sender);
        }
        if (!MerkleProof.verifyCalldata(proof, distribution.root, leaf)) revert NotAnchoredBatch(id, index, leaf);
    }

    function _list(bytes32 id, uint256 index, bytes calldata packed) private pure returns (Cursor memory cursor) {
        if (packed.length == 0 || packed.length % ENTRY_BYTES != 0) revert BadLength(packed.length, ENTRY_BYTES);
        (cursor.id, cursor.index, cursor.count) = (id, index, packed.length / ENTRY_BYTES);
        (cursor.payeeStride, cursor.amountStride, cursor.amountShift) = (ENTRY_BYTES, ENTRY_BYTES, 160);
        bytes memory entries = packed;
        uint256 start;
        assembly ("memory-safe") {
            start := add(entries, 0x20)
        }
        (cursor.payeeAt, cursor.amountAt, cursor.amountEnd) = (start, start + 20, start + 20 + packed.length);
    }

    function _page(bytes32 id, uint256 index, address page, uint256 width, bytes calldata amounts)
        private
        view
        returns (Cursor memory cursor)
    {
        if (width == 0 || width > 12) revert BadLength(width, 12);
        bytes memory payees = page.code;
        uint256 count = amounts.length / width;
        if (count == 0 || amounts.length % width != 0 || payees.length != 1 + 20 * count) {
            revert BadLength(amounts.length, width);
        }
        (cursor.id, cursor.index, cursor.count) = (id, index, count);
        (cursor.payeeStride, cursor.amountStride, cursor.amountShift) = (20, width, 256 - 8 * width);
        bytes memory copied = amounts;
        uint256 payeeAt;
        uint256 amountAt;
        assembly ("memory-safe") {
            payeeAt := add(payees, 0x21) // after the length word and the page's zero byte
            amountAt := add(copied, 0x20)
        }
        (cursor.payeeAt, cursor.amountAt, cursor.amountEnd) = (payeeAt, amountAt, amountAt + amounts.length);
    }

    /// @dev Marks the batch, pays it, books it. Marked before the first call to the token.
    function _execute(Cursor memory cursor) private {
        Distribution storage distribution = _distributions[cursor.id];
        (uint256 index, uint64 executed) = (cursor.index, distribution.executed);
        if (index >= distribution.batches) revert NoSuchBatch(cursor.id, index, distribution.batches);
        // forge-lint: disable-next-line(incorrect-shift)
        uint64 mark = uint64(1) << uint8(index);
        if (executed & mark != 0) revert AlreadyExecuted(cursor.id, index);
        (uint96 total, uint96 paid) = (distribution.total, distribution.paid);
        executed |= mark;
        distribution.executed = executed;
        (cursor.token, cursor.filter) = (distribution.token, _frozenFilter);

        _pay(cursor);

        uint256 left = total - paid;
        if (cursor.sum > left) revert TotalExceeded(cursor.id, cursor.sum, left);
        bool last = executed == type(uint64).max >> (MOST_BATCHES - distribution.batches);
        if (last && cursor.sum != left) revert TotalNotReached(cursor.id, cursor.sum, left);
        unchecked {
            distribution.paid = uint96(paid + cursor.sum); // not above total, a uint96
        }
        committed[cursor.token] -= cursor.sum - cursor.failedSum;
        emit BatchExecuted(cursor.id, index, cursor.count, cursor.sum, cursor.failedSum);
        _requireSolvent(cursor.token);
    }

    /// @dev Pays in runs: a run ends at the first payee that needs a second look.
    function _pay(Cursor memory cursor) private {
        if (cursor.token.code.length == 0) revert Insolvent(cursor.token, committed[cursor.token], 0);
        while (true) {
            bool refused = _payRun(cursor);
            if (cursor.amountAt == cursor.amountEnd) return;
            _payAlone(cursor, refused);
        }
    }

    /// @dev The payee at which a run ended: refused by the token, or not yet tried because the entry is bad, gas is low, or
    /// the payee may be frozen.
    function _payAlone(Cursor memory cursor, bool refused) private {
        (uint256 payeeAt, uint256 amountAt, uint256 shift) = (cursor.payeeAt, cursor.amountAt, cursor.amountShift);
        address payee;
        uint256 units;
        assembly ("memory-safe") {
            payee := shr(96, mload(payeeAt))
            units := shr(shift, mload(amountAt))
        }
        bool frozen;
        if (!refused) {
            uint256 position = cursor.count - (cursor.amountEnd - amountAt) / cursor.amountStride;
            if (payee == address(0) || payee == address(this) || units == 0) revert BadEntry(position, payee, units);
            if (gasleft() < GAS_FLOOR) revert NotEnoughGas(position, gasleft(), GAS_FLOOR);
            frozen = isFrozen[payee];
            refused = frozen || !_transfer(cursor.token, payee, units);
        }
        if (refused) {
            cursor.failedSum += units;
            owed[cursor.token][payee] += units;
            emit PayoutFailed(cursor.id, cursor.index, payee, cursor.token, units, frozen);
        }
        cursor.sum += units;
        (cursor.payeeAt, cursor.amountAt) = (payeeAt + cursor.payeeStride, amountAt + cursor.amountStride);
    }

    /// @dev Pays from the cursor on until a payee is refused (true: that one was tried) or may not be tried here, or the end.
    /// In assembly, as this loop is what every payout costs: everything it needs is on the stack, and the call's data lies
    /// at 0x10 to 0x53, the selector once, the payee and the amount over their predecessors. The amount's upper bytes are
    /// zero, so of the free-memory pointer at 0x40 only bytes that are zero anyway are written, and made zero again.
    /// The sum cannot overflow: a transaction has room for fewer than 2^32 entries, each under 2^96. Copies 32 bytes of
    /// a token's answer at most, to 0x20, so that a token cannot make us pay for its memory.
    function _payRun(Cursor memory cursor) private returns (bool refused) {
        assembly ("memory-safe") {
            let payeeAt := mload(add(cursor, 0x80))
            let amountAt := mload(add(cursor, 0xc0))
            let sum := mload(add(cursor, 0x160))
            let payeeStride := mload(add(cursor, 0xa0))
            let amountStride := mload(add(cursor, 0xe0))
            let shift := mload(add(cursor, 0x100))
            let end := mload(add(cursor, 0x120))
            let filter := mload(add(cursor, 0x140))
            let token := mload(add(cursor, 0x40))
            mstore(0x00, TRANSFER_SELECTOR)
            for {} lt(amountAt, end) {} {
                let payee := shr(96, mload(payeeAt))
                let units := shr(shift, mload(amountAt))
                // Zero payee or amount, this contract, a payee whose last byte is a frozen one's, or too little gas.
                if or(
                    or(iszero(mul(payee, units)), eq(payee, address())),
                    or(and(shr(and(payee, 0xff), filter), 1), lt(gas(), GAS_FLOOR))
                ) { break }
                mstore(0x14, payee)
                mstore(0x34, units)
                let done := call(TRANSFER_GAS, token, 0, 0x10, 0x44, 0x20, 0x20)
                // Done as told: `true`, or no return value. An answer shorter than a word leaves the word's last byte zero.
                if iszero(and(done, eq(mload(0x20), 1))) {
                    if or(iszero(done), returndatasize()) {
                        refused := 1
                        break
                    }
                }
                sum := add(sum, units)
                payeeAt := add(payeeAt, payeeStride)
                amountAt := add(amountAt, amountStride)
            }
            mstore(0x34, 0)
            mstore(add(cursor, 0x80), payeeAt)
            mstore(add(cursor, 0xc0), amountAt)
            mstore(add(cursor, 0x160), sum)
        }
    }

    /// @dev One transfer under the same terms as in {_payRun}.
    function _transfer(address token, address payee, uint256 units) private returns (bool done) {
        assembly ("memory-safe") {
            mstore(0x00, TRANSFER_SELECTOR)
            mstore(0x14, payee)
            mstore(0x34, units)
            done := call(TRANSFER_GAS, token, 0, 0x10, 0x44, 0x20, 0x20)
            done := and(done, or(iszero(returndatasize()), eq(mload(0x20), 1)))
            mstore(0x34, 0)
        }
    }

    function _refund(Distribution storage distribution, State state, address refundTo) private returns (uint256 units) {
        guard.requireOutflow(distribution.storeId);
        _requireDestination(refundTo);
        units = distribution.total - distribution.paid;
        address token = distribution.token;
        distribution.state = state;
        committed[token] -= units;
        IERC20(token).safeTransfer(refundTo, units);
        _requireSolvent(token);
    }

    function _open(bytes32 id) private view returns (Distribution storage distribution) {
        distribution = _distributions[id];
        if (distribution.state != State.OPEN) revert NotOpen(id, distribution.state);
    }

    function _requireDestination(address account) private view {
        if (account == address(this) || !guard.isDestination(account)) revert NotADestination(account);
    }

    function _requireSolvent(address token) private view {
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held < committed[token]) revert Insolvent(token, committed[token], held);
    }

    function _twice(bytes memory encoded) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(encoded)));
    }
}

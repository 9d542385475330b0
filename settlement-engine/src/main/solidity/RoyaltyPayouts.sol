// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @title Batch payouts that cannot pay twice
/// @notice Pays a batch of payees from this contract's own token balance. A batch is named by (orderId, index) and
/// executes once, whoever re-sends it and however often. A payee whom the token refuses is credited to `owed` and
/// never holds up the others; it collects by {withdrawOwed} once the token lets it.
/// @dev Guarantees: each (orderId, index) executes at most once; every entry is either paid or credited, exactly, never
/// both; this contract's balance covers `totalOwed` after every batch, for a token that moves exactly what it is told to.
/// What is not promised: that the operator's list is right. Anchored lists come with the distributor.
contract RoyaltyPayouts is Ownable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using BitMaps for BitMaps.BitMap;

    /// @notice Bytes of one packed entry: a 20-byte payee, then its 12-byte amount in token units, big-endian.
    uint256 public constant ENTRY_BYTES = 32;

    /// @notice Gas given to each token transfer: always this much, so that the caller's gas limit decides no outcome.
    uint256 public constant TRANSFER_GAS = 150_000;

    /// @notice Gas that must be left before each transfer: its gas, the 1/64 that a call retains, and our bookkeeping.
    uint256 public constant GAS_FLOOR = (TRANSFER_GAS * 64) / 63 + 60_000;

    /// @notice The only account that may pay.
    address public operator;

    /// @notice Token units credited to a payee whose transfer failed, not yet withdrawn.
    mapping(address token => mapping(address payee => uint256 units)) public owed;

    /// @notice Sum of `owed` over all payees of a token.
    mapping(address token => uint256 units) public totalOwed;

    mapping(bytes32 orderId => BitMaps.BitMap) private _paid;

    /// @notice A batch has executed: `count` entries over `sum` token units, of which `failedSum` were credited to `owed`.
    event BatchPaid(bytes32 indexed orderId, uint256 indexed index, uint256 count, uint256 sum, uint256 failedSum);

    /// @notice The token refused this payee; the units are credited to `owed`.
    event PayoutFailed(
        bytes32 indexed orderId, uint256 indexed index, address indexed payee, address token, uint256 units
    );

    /// @notice A payee has collected what it was owed.
    event OwedWithdrawn(address indexed token, address indexed payee, uint256 units);

    /// @notice The owner has put another operator in place.
    event OperatorReplaced(address indexed previous, address indexed current);

    error NotOperator(address caller, address operator);
    error ZeroOperator();
    error AlreadyPaid(bytes32 orderId, uint256 index);
    error EmptyBatch(bytes32 orderId, uint256 index);
    error BadLength(uint256 length, uint256 entryBytes);
    error BadEntry(uint256 position, address payee, uint256 units);
    error NotAToken(address token);
    error Underfunded(address token, uint256 needed, uint256 held);
    error NotEnoughGas(uint256 position, uint256 left, uint256 floor);
    error NothingOwed(address token, address payee);

    /// @notice The deployer becomes the owner, who can replace the operator and nothing else.
    /// @param initialOperator the only account that may pay; not zero
    constructor(address initialOperator) Ownable(msg.sender) {
        _setOperator(initialOperator);
    }

    /// @notice Pays every entry of a batch, once. Operator only.
    /// @dev Reverts with {AlreadyPaid} on a repeat; {EmptyBatch}, {BadLength}, {BadEntry} on a malformed list;
    /// {NotAToken} and {Underfunded} when the balance does not cover the list and everything already owed;
    /// {NotEnoughGas} rather than let a low gas limit turn a payment into a failure.
    /// @param orderId the payment order
    /// @param index the batch's number within its order
    /// @param token an ERC-20
    /// @param packed entries of {ENTRY_BYTES}: no zero amount; no zero address, this contract or the token as payee
    function payBatch(bytes32 orderId, uint256 index, address token, bytes calldata packed) external nonReentrant {
        if (msg.sender != operator) revert NotOperator(msg.sender, operator);
        if (_paid[orderId].get(index)) revert AlreadyPaid(orderId, index);
        if (packed.length == 0) revert EmptyBatch(orderId, index);
        if (packed.length % ENTRY_BYTES != 0) revert BadLength(packed.length, ENTRY_BYTES);
        _paid[orderId].set(index);

        uint256 count = packed.length / ENTRY_BYTES;
        uint256 sum = _checkedSum(token, packed, count);
        _requireFunds(token, sum);
        uint256 failedSum;
        for (uint256 position; position < count; ++position) {
            (address payee, uint256 units) = _entry(packed, position);
            if (gasleft() < GAS_FLOOR) revert NotEnoughGas(position, gasleft(), GAS_FLOOR);
            if (!_transfer(token, payee, units)) {
                failedSum += units;
                owed[token][payee] += units;
                emit PayoutFailed(orderId, index, payee, token, units);
            }
        }
        if (failedSum != 0) totalOwed[token] += failedSum;
        emit BatchPaid(orderId, index, count, sum, failedSum);
    }

    /// @notice Sends the caller all that it is owed in one token.
    /// @dev Reverts with {NothingOwed}, or with the token's own reason while the token still refuses the caller; then
    /// nothing is lost and it can be tried again.
    /// @param token an ERC-20 in which the caller is owed
    function withdrawOwed(address token) external nonReentrant {
        uint256 units = owed[token][msg.sender];
        if (units == 0) revert NothingOwed(token, msg.sender);
        delete owed[token][msg.sender];
        totalOwed[token] -= units;
        emit OwedWithdrawn(token, msg.sender, units);
        IERC20(token).safeTransfer(msg.sender, units);
    }

    /// @notice Puts another operator in place at once. Owner only.
    /// @param replacement not zero
    function replaceOperator(address replacement) external onlyOwner {
        _setOperator(replacement);
    }

    /// @notice Whether this batch has executed.
    function isPaid(bytes32 orderId, uint256 index) external view returns (bool) {
        return _paid[orderId].get(index);
    }

    function _setOperator(address replacement) private {
        if (replacement == address(0)) revert ZeroOperator();
        emit OperatorReplaced(operator, replacement);
        operator = replacement;
    }

    function _requireFunds(address token, uint256 sum) private view {
        if (token.code.length == 0) revert NotAToken(token);
        uint256 needed = sum + totalOwed[token];
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held < needed) revert Underfunded(token, needed, held);
    }

    function _checkedSum(address token, bytes calldata packed, uint256 count) private view returns (uint256 sum) {
        for (uint256 position; position < count; ++position) {
            (address payee, uint256 units) = _entry(packed, position);
            if (payee == address(0) || payee == address(this) || payee == token || units == 0) {
                revert BadEntry(position, payee, units);
            }
            unchecked {
                sum += units; // fewer than 2^32 entries fit in a block, each under 2^96
            }
        }
    }

    /// @dev The caller keeps `position` inside `packed`, whose length is a multiple of {ENTRY_BYTES}.
    function _entry(bytes calldata packed, uint256 position) private pure returns (address payee, uint256 units) {
        uint256 word;
        assembly ("memory-safe") {
            word := calldataload(add(packed.offset, shl(5, position)))
        }
        payee = address(uint160(word >> 96));
        units = uint96(word);
    }

    /// @dev True when the token did as told: no revert, and either no return value or `true`. Copies 32 bytes of the
    /// answer at most, so that a token cannot make us pay for its memory.
    function _transfer(address token, address payee, uint256 units) private returns (bool done) {
        uint256 gasForToken = TRANSFER_GAS;
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            let data := mload(0x40) // not kept: the next transfer writes over it
            mstore(data, selector)
            mstore(add(data, 0x04), payee)
            mstore(add(data, 0x24), units)
            mstore(0x00, 0)
            let answered := call(gasForToken, token, 0, data, 0x44, 0x00, 0x20)
            done := and(answered, or(iszero(returndatasize()), and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))))
        }
    }
}

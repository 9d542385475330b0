// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Payees written once, as code
/// @notice Writes a page of payees into the code of a contract of its own, for {RoyaltyDistributor-executePageBatch}:
/// reading them there costs a fiftieth of sending them again with each distribution. Anyone may write; a page is trusted
/// for its content alone, which every batch leaf names by its hash.
/// @dev A page's code is a zero byte (STOP, so that it can never run), then 20 bytes per payee. No code path removes it.
contract PayeeBook {
    /// @notice Bytes of one payee.
    uint256 public constant PAYEE_BYTES = 20;

    /// @notice The most payees in a page: contract code ends at 24 576 bytes (EIP-170).
    uint256 public constant MOST_PAYEES = 1_228;

    /// @notice A page has been written; `codeHash` is what batch leaves name.
    event PageWritten(address indexed page, bytes32 indexed codeHash, uint256 payees);

    error BadPage(uint256 length, uint256 payeeBytes, uint256 mostPayees);
    error PageNotWritten(uint256 length);

    /// @notice Writes a page.
    /// @param payees 20 bytes each, 1 to {MOST_PAYEES} of them
    /// @return page the contract whose code holds them
    function write(bytes calldata payees) external returns (address page) {
        uint256 length = payees.length;
        if (length == 0 || length % PAYEE_BYTES != 0 || length / PAYEE_BYTES > MOST_PAYEES) {
            revert BadPage(length, PAYEE_BYTES, MOST_PAYEES);
        }
        // Init code of 13 bytes returns what follows it: PUSH3 size, DUP1, PUSH1 13, PUSH1 0, CODECOPY, PUSH1 0, RETURN.
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes memory init = abi.encodePacked(hex"62", uint24(length + 1), hex"80600d6000396000f3", hex"00", payees);
        assembly ("memory-safe") {
            page := create(0, add(init, 0x20), mload(init))
        }
        if (page == address(0)) revert PageNotWritten(length);
        emit PageWritten(page, page.codehash, length / PAYEE_BYTES);
    }
}

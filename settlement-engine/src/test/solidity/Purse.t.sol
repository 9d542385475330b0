// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fixture, Mintable} from "./Fixture.t.sol";

/// @dev Gives many payees a unit in one call: under `--isolate` every call of a test is a transaction.
contract Purse is Fixture {
    function fill(address token, uint256 first, uint256 count) external {
        for (uint256 i; i < count; ++i) Mintable(token).mint(payeeAt(first + i), 1);
    }
}

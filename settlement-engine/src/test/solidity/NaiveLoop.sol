// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title What most payout scripts do
/// @notice Loops over `transferFrom`: anyone's allowance, no record, no replay safety, one refused payee stops all.
contract NaiveLoop {
    using SafeERC20 for IERC20;

    function pay(address token, address[] calldata to, uint256[] calldata units) external {
        for (uint256 i; i < to.length; ++i) {
            IERC20(token).safeTransferFrom(msg.sender, to[i], units[i]);
        }
    }
}

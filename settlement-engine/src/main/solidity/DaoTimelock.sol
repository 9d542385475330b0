// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title The delay between a decision and its effect
/// @notice OpenZeppelin's timelock, unchanged: the admin of every other contract. {HoldersDao} is its only proposer; anyone
/// executes what is due; a guardian may cancel.
contract DaoTimelock is TimelockController {
    /// @param minDelay seconds, at least 72 hours for {HoldersDao} to accept it
    /// @param proposers empty, when the DAO is deployed after it
    /// @param executors the zero address alone lets anyone execute
    /// @param setUp grants the DAO its roles and then renounces its own
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address setUp)
        TimelockController(minDelay, proposers, executors, setUp)
    {}
}

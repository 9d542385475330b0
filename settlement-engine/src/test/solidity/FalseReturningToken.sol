// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A token that says no politely
/// @notice Answers `false` to a transfer to a refused account, where most tokens revert; burns all its gas, or answers
/// with far too much data, when told to.
contract FalseReturningToken {
    mapping(address account => uint256 units) public balanceOf;
    mapping(address account => uint256 behaviour) public behaviours;

    function mint(address to, uint256 units) external {
        balanceOf[to] += units;
    }

    /// @param behaviour 0 pays, 1 answers false, 2 burns all gas, 3 reverts with a very long answer, 4 answers nothing
    function behave(address account, uint256 behaviour) external {
        behaviours[account] = behaviour;
    }

    function transfer(address to, uint256 units) external returns (bool) {
        uint256 behaviour = behaviours[to];
        if (behaviour == 1) return false;
        if (behaviour == 2) {
            assembly {
                invalid()
            }
        }
        if (behaviour == 3) {
            assembly {
                revert(0, 60000)
            }
        }
        balanceOf[msg.sender] -= units;
        balanceOf[to] += units;
        if (behaviour == 4) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}

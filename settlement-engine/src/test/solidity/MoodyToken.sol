// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlainToken} from "./PlainToken.sol";

/// @title A token that is hostile to whom it is told to be
/// @notice Per receiver: reverts, answers false, answers nothing, burns all gas, answers with a bomb, lets the receiver call
/// another contract first, or answers a number that is not a boolean. For all: takes a fee, or changes its decimals.
contract MoodyToken is PlainToken {
    enum Mood {
        PAYS,
        REVERTS,
        ANSWERS_FALSE,
        ANSWERS_NOTHING,
        BURNS_GAS,
        BOMBS,
        CALLS,
        ANSWERS_TWO
    }

    mapping(address account => Mood) public moodOf;
    uint256 public feeBps;
    uint8 public shownDecimals = 6;
    address public callee;
    bytes public call;
    bool public called;

    error Refused(address account);

    constructor() PlainToken(6) {}

    function setMood(address account, Mood mood) external {
        moodOf[account] = mood;
    }

    function setFee(uint256 bps) external {
        feeBps = bps;
    }

    function setDecimals(uint8 shown) external {
        shownDecimals = shown;
    }

    function setCall(address callee_, bytes calldata call_) external {
        (callee, call, called) = (callee_, call_, false);
    }

    function decimals() public view override returns (uint8) {
        return shownDecimals;
    }

    function transferFrom(address from, address to, uint256 units) public override returns (bool) {
        super.transferFrom(from, to, units);
        if (feeBps != 0) _burn(to, units * feeBps / 10_000);
        return true;
    }

    function transfer(address to, uint256 units) public override returns (bool) {
        Mood mood = moodOf[to];
        if (mood == Mood.REVERTS) revert Refused(to);
        if (mood == Mood.ANSWERS_FALSE) return false;
        if (mood == Mood.BURNS_GAS) {
            assembly {
                invalid()
            }
        }
        if (mood == Mood.BOMBS) {
            assembly {
                revert(0, 200000)
            }
        }
        if (mood == Mood.ANSWERS_TWO) {
            assembly {
                mstore(0, 2)
                return(0, 32)
            }
        }
        if (mood == Mood.CALLS) {
            (bool done,) = callee.call(call);
            called = done;
        }
        super.transfer(to, units);
        if (feeBps != 0) _burn(to, units * feeBps / 10_000);
        if (mood == Mood.ANSWERS_NOTHING) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}

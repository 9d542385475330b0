// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A well-behaved token that anyone may mint
contract PlainToken is ERC20 {
    uint8 private immutable _decimals;

    constructor(uint8 decimals_) ERC20("Plain", "PLN") {
        _decimals = decimals_;
    }

    function mint(address to, uint256 units) external {
        _mint(to, units);
    }

    function decimals() public view virtual override returns (uint8) {
        return _decimals;
    }
}

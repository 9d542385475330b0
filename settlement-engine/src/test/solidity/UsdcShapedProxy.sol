// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A proxy, as USDC is one
/// @notice Hands every call to its logic; anyone may point it elsewhere.
contract UsdcShapedProxy {
    address private _logic;

    constructor(address logic) {
        _logic = logic;
    }

    function pointTo(address logic) external {
        _logic = logic;
    }

    fallback() external {
        address logic = _logic;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), logic, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}

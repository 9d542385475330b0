// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev forge's cheat codes, as far as we use them.
interface Vm {
    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 key) external pure returns (address);
    function assume(bool condition) external pure;
    function chainId(uint256 id) external;
    function cool(address account) external;
    function etch(address account, bytes calldata code) external;
    function expectRevert(bytes calldata data) external;
    function expectRevert() external;
    function lastCallGas() external view returns (Gas memory);
    function getRecordedLogs() external returns (Log[] memory);
    function recordLogs() external;
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function prank(address sender) external;
    function readFile(string calldata path) external view returns (string memory);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function startPrank(address sender) external;
    function stopPrank() external;
    function store(address account, bytes32 slot, bytes32 value) external;
    function toString(uint256 value) external pure returns (string memory);
    function warp(uint256 time) external;
    function writeLine(string calldata path, string calldata line) external;
    function envOr(string calldata name, bool otherwise) external view returns (bool);
}

/// @dev What forge-std would give, in the few words that we need.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Differs(string what, uint256 found, uint256 expected);
    error Not(string what);

    function same(uint256 found, uint256 expected, string memory what) internal pure {
        if (found != expected) revert Differs(what, found, expected);
    }

    function same(bytes32 found, bytes32 expected, string memory what) internal pure {
        if (found != expected) revert Differs(what, uint256(found), uint256(expected));
    }

    function same(address found, address expected, string memory what) internal pure {
        if (found != expected) revert Differs(what, uint160(found), uint160(expected));
    }

    function yes(bool condition, string memory what) internal pure {
        if (!condition) revert Not(what);
    }

    function no(bool condition, string memory what) internal pure {
        if (condition) revert Not(what);
    }

    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + x % (high - low + 1);
    }
}

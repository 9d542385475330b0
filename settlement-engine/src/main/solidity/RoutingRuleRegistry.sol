// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Routing rules that cannot be changed afterwards
/// @notice Per store an append-only list of content hashes. Version n+1 follows version n and takes effect at the start
/// of a day (UTC) not before the block that anchors it, so that no rule ever reaches back. Also keeps the head of the
/// engine's event seals, chained, so that the log of anchored seals can be checked against one word of state.
/// @dev There is no function that changes or removes a row. `until` is the one field written later, once, when the next
/// version says when it takes over.
contract RoutingRuleRegistry is AccessControl {
    /// @notice May anchor rules.
    bytes32 public constant RULE_ADMIN_ROLE = keccak256("RULE_ADMIN");

    /// @notice May anchor event seals.
    bytes32 public constant SEALER_ROLE = keccak256("SEALER");

    uint48 private constant OPEN_END = type(uint48).max;

    /// @notice One version of a store's rule: in force from `from` (inclusive) to `until` (exclusive), seconds.
    struct Rule {
        uint32 version;
        uint48 from;
        uint48 until;
    }

    /// @notice The newest version per store; zero before the first.
    mapping(uint32 storeId => uint32 version) public versions;

    /// @notice The content hash of each version.
    mapping(uint32 storeId => mapping(uint32 version => bytes32 ruleHash)) public hashOf;

    /// @notice Number of the last anchored event seal.
    uint64 public sealNo;

    /// @notice keccak256(abi.encode(previous sealChain, sealNo, sealHash)) over all anchored seals.
    bytes32 public sealChain;

    mapping(uint32 storeId => mapping(bytes32 ruleHash => Rule)) private _rules;

    /// @notice A version has been anchored, in force from `effectiveFrom` until a later one takes over.
    event RuleAnchored(
        uint32 indexed storeId, uint32 indexed version, bytes32 indexed ruleHash, uint48 effectiveFrom
    );

    /// @notice The head of the engine's event seals has been anchored.
    event SealAnchored(uint64 indexed sealNo, bytes32 sealHash, bytes32 sealChain);

    error ZeroHash();
    error ZeroStore();
    error NotNextVersion(uint32 storeId, uint32 expected, uint32 given);
    error AlreadyAnchored(uint32 storeId, bytes32 ruleHash, uint32 version);
    error NotAStartOfDay(uint48 effectiveFrom);
    error Retroactive(uint48 effectiveFrom, uint256 notBefore);
    error SealNotAfter(uint64 last, uint64 given);

    /// @param admin the DAO's timelock: changes roles
    /// @param ruleAdmin may anchor rules
    /// @param sealer may anchor event seals
    constructor(address admin, address ruleAdmin, address sealer) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(RULE_ADMIN_ROLE, ruleAdmin);
        _grantRole(SEALER_ROLE, sealer);
    }

    /// @notice Appends the next version of a store's rule. Rule admin only.
    /// @param storeId the store, not zero
    /// @param version exactly one more than the store's newest
    /// @param ruleHash SHA-256 of the canonical rule document; never anchored before for this store
    /// @param effectiveFrom seconds; 00:00 UTC of a day; not before this block, nor before the previous version's
    function anchor(uint32 storeId, uint32 version, bytes32 ruleHash, uint48 effectiveFrom)
        external
        onlyRole(RULE_ADMIN_ROLE)
    {
        if (storeId == 0) revert ZeroStore();
        if (ruleHash == 0) revert ZeroHash();
        uint32 newest = versions[storeId];
        if (version != newest + 1) revert NotNextVersion(storeId, newest + 1, version);
        if (_rules[storeId][ruleHash].version != 0) {
            revert AlreadyAnchored(storeId, ruleHash, _rules[storeId][ruleHash].version);
        }
        if (effectiveFrom % 1 days != 0) revert NotAStartOfDay(effectiveFrom);
        if (effectiveFrom < block.timestamp) revert Retroactive(effectiveFrom, block.timestamp);
        if (newest != 0) _supersede(storeId, newest, effectiveFrom);

        versions[storeId] = version;
        hashOf[storeId][version] = ruleHash;
        _rules[storeId][ruleHash] = Rule(version, effectiveFrom, OPEN_END);
        emit RuleAnchored(storeId, version, ruleHash, effectiveFrom);
    }

    /// @notice Appends the head of the event seals. Sealer only.
    /// @param number greater than the last; gaps are the seals between two anchorings
    /// @param sealHash the seal's hash, which covers all before it
    function anchorSeal(uint64 number, bytes32 sealHash) external onlyRole(SEALER_ROLE) {
        if (sealHash == 0) revert ZeroHash();
        if (number <= sealNo) revert SealNotAfter(sealNo, number);
        sealNo = number;
        sealChain = keccak256(abi.encode(sealChain, number, sealHash));
        emit SealAnchored(number, sealHash, sealChain);
    }

    /// @notice Whether this rule of this store was in force at `time` (seconds).
    function wasInForce(uint32 storeId, bytes32 ruleHash, uint48 time) external view returns (bool) {
        Rule memory rule = _rules[storeId][ruleHash];
        return rule.version != 0 && rule.from <= time && time < rule.until;
    }

    /// @notice The anchored version, or all zero.
    function ruleOf(uint32 storeId, bytes32 ruleHash) external view returns (Rule memory) {
        return _rules[storeId][ruleHash];
    }

    /// @dev A version that takes effect on its predecessor's day replaces it before it was ever in force.
    function _supersede(uint32 storeId, uint32 newest, uint48 effectiveFrom) private {
        Rule storage previous = _rules[storeId][hashOf[storeId][newest]];
        if (effectiveFrom < previous.from) revert Retroactive(effectiveFrom, previous.from);
        previous.until = effectiveFrom;
    }
}

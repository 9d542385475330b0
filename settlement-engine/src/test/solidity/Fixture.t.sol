// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {PayeeBook} from "../src/PayeeBook.sol";
import {PolicyGuard} from "../src/PolicyGuard.sol";
import {RoutingRuleRegistry} from "../src/RoutingRuleRegistry.sol";
import {RoyaltyDistributor} from "../src/RoyaltyDistributor.sol";
import {StoreRegistry} from "../src/StoreRegistry.sol";
import {Test} from "./Test.t.sol";

interface Mintable {
    function mint(address to, uint256 units) external;
    function approve(address spender, uint256 units) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
    function decimals() external view returns (uint8);
}

/// @dev All contracts deployed, one store with a rule in force, and short words for what tests do with them.
abstract contract Fixture is Test {
    address internal constant ADMIN = address(0xAD0001);
    address internal constant GUARDIAN = address(0xAD0002);
    address internal constant POLICY = address(0xAD0003);
    address internal constant MONITOR = address(0xAD0004);
    address internal constant OPERATOR = address(0xAD0005);
    address internal constant COMPLIANCE = address(0xAD0006);
    address internal constant RULER = address(0xAD0007);
    address internal constant SEALER = address(0xAD0008);
    address internal constant REGISTRAR = address(0xAD0009);
    address internal constant MERCHANT = address(0xAD000A);
    address internal constant TREASURY = address(0xAD000B);
    address internal constant STRANGER = address(0xBAD);

    uint256 internal constant DELAY = 1 days;
    uint256 internal constant LIMIT = 3 days;
    uint256 internal constant START = 20_000 days + 10 hours;
    uint32 internal constant STORE = 1;
    bytes32 internal constant RULE = keccak256("rule 1");
    bytes32 internal constant ENTITLEMENTS = keccak256("entitlements");
    uint96 internal constant CAP = 1e18;

    PolicyGuard internal guard;
    RoutingRuleRegistry internal rules;
    StoreRegistry internal registry;
    RoyaltyDistributor internal distributor;
    PayeeBook internal book;

    function deploy() internal {
        vm.warp(START);
        guard = new PolicyGuard(ADMIN, GUARDIAN, POLICY, MONITOR, OPERATOR, DELAY, LIMIT);
        rules = new RoutingRuleRegistry(ADMIN, RULER, SEALER);
        registry = new StoreRegistry(ADMIN, REGISTRAR, guard);
        distributor = new RoyaltyDistributor(ADMIN, OPERATOR, COMPLIANCE, guard, rules);
        book = new PayeeBook();
        vm.prank(REGISTRAR);
        registry.register(MERCHANT, keccak256("store 1"));
        vm.prank(RULER);
        rules.anchor(STORE, 1, RULE, 20_001 days);
        vm.prank(POLICY);
        guard.announceDestination(TREASURY);
    }

    /// @dev Lists the token, gives it a cap, the operator money and the distributor its allowance; ends on the rule's day.
    function open(address token) internal {
        vm.warp(START);
        vm.startPrank(POLICY);
        guard.listToken(token, token.codehash, Mintable(token).decimals());
        guard.announceCap(address(distributor), STORE, token, CAP, 1 days);
        vm.stopPrank();
        vm.warp(START + DELAY);
        guard.activateCap(address(distributor), STORE, token);
        Mintable(token).mint(OPERATOR, 1e24);
        vm.startPrank(OPERATOR);
        Mintable(token).approve(address(distributor), type(uint256).max);
        guard.heartbeat();
        vm.stopPrank();
    }

    function anchorOf(bytes32 id, bytes32 payoutRoot, address token, uint256 total, uint256 batches)
        internal
        view
        returns (RoyaltyDistributor.Anchor memory)
    {
        return RoyaltyDistributor.Anchor({
            id: id,
            payoutRoot: payoutRoot,
            entitlementRoot: ENTITLEMENTS,
            token: token,
            total: uint96(total),
            batches: uint8(batches),
            ruleHash: RULE,
            storeId: STORE,
            recordPoint: uint48(block.timestamp)
        });
    }

    /// @dev Anchors one list batch.
    function anchorOne(bytes32 id, address token, bytes memory packed, uint256 total) internal {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(id, leafOf(id, 0, packed), token, total, 1);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
    }

    function execute(bytes32 id, bytes memory packed) internal {
        vm.prank(OPERATOR);
        distributor.executeBatch(id, 0, onlyProof(), packed);
    }

    function onlyProof() internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = ENTITLEMENTS;
    }

    function leafOf(bytes32 id, uint256 index, bytes memory packed) internal view returns (bytes32) {
        return leafOf(block.chainid, address(distributor), id, index, packed);
    }

    /// @dev Written out again here, so that a change of the encoding turns tests red.
    function leafOf(uint256 chain, address contract_, bytes32 id, uint256 index, bytes memory packed)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encodePacked(keccak256(abi.encode(chain, contract_, id, index, keccak256(packed)))));
    }

    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        while (leaves.length > 1) leaves = _up(leaves);
        return leaves[0];
    }

    /// @dev From leaf `place` to the payout root, then the entitlement root. An odd node goes up as it is.
    function proofOf(bytes32[] memory leaves, uint256 place) internal pure returns (bytes32[] memory proof) {
        bytes32[] memory found = new bytes32[](16);
        uint256 length;
        while (leaves.length > 1) {
            uint256 sibling = place ^ 1;
            if (sibling < leaves.length) found[length++] = leaves[sibling];
            leaves = _up(leaves);
            place /= 2;
        }
        found[length++] = ENTITLEMENTS;
        proof = new bytes32[](length);
        for (uint256 i; i < length; ++i) proof[i] = found[i];
    }

    function _up(bytes32[] memory nodes) private pure returns (bytes32[] memory parents) {
        parents = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i; i < parents.length; ++i) {
            parents[i] = 2 * i + 1 < nodes.length
                ? Hashes.commutativeKeccak256(nodes[2 * i], nodes[2 * i + 1])
                : nodes[2 * i];
        }
    }

    function entry(address payee, uint256 units) internal pure returns (bytes memory) {
        return abi.encodePacked(payee, uint96(units));
    }

    function payeeAt(uint256 n) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("payee", n)))));
    }

    /// @dev `count` payees from `first` on, with amounts 1001, 1002, …
    function listOf(uint256 first, uint256 count) internal pure returns (bytes memory packed, uint256 sum) {
        packed = new bytes(count * 32);
        for (uint256 i; i < count; ++i) {
            uint256 word = (uint256(uint160(payeeAt(first + i))) << 96) | (1001 + i);
            sum += 1001 + i;
            assembly {
                mstore(add(add(packed, 0x20), mul(i, 0x20)), word)
            }
        }
    }

    function pageOf(uint256 first, uint256 count, uint256 width)
        internal
        pure
        returns (bytes memory payees, bytes memory amounts, uint256 sum)
    {
        payees = new bytes(count * 20 + 32);
        amounts = new bytes(count * width + 32);
        for (uint256 i; i < count; ++i) {
            uint256 payee = uint256(uint160(payeeAt(first + i))) << 96;
            uint256 amount = (1001 + i) << (256 - 8 * width);
            sum += 1001 + i;
            assembly {
                mstore(add(add(payees, 0x20), mul(i, 20)), payee)
                mstore(add(add(amounts, 0x20), mul(i, width)), amount)
            }
        }
        assembly {
            mstore(payees, mul(count, 20))
            mstore(amounts, mul(count, width))
        }
    }

    function unauthorised(address account, bytes32 role) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role);
    }

    /// @dev The call by a stranger is refused for want of the role.
    function refusedWithout(bytes32 role, address target, bytes memory call) internal {
        vm.prank(STRANGER);
        (bool done, bytes memory answer) = target.call(call);
        no(done, "refused");
        same(keccak256(answer), keccak256(unauthorised(STRANGER, role)), "for want of the role");
    }

    /// @dev The call by `from` is refused with exactly this error.
    function refused(address from, address target, bytes memory call, bytes memory error_) internal {
        vm.prank(from);
        (bool done, bytes memory answer) = target.call(call);
        no(done, "refused");
        if (keccak256(answer) != keccak256(error_)) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {StoreRegistry} from "../src/StoreRegistry.sol";
import {Fixture} from "./Fixture.t.sol";

contract StoreRegistryTest is Fixture {
    bytes32 private constant SLOT = keccak256("shopify-admin");
    bytes32 private constant ENVELOPE = keccak256("envelope 1");
    address private constant GRANTEE = address(0x61);
    address private target;
    uint64 private until;

    function setUp() public {
        deploy();
        target = address(registry);
        until = uint64(block.timestamp + 30 days);
    }

    function sealAndGrant(address owner, uint64 version) private {
        vm.startPrank(owner);
        registry.seal(STORE, SLOT, version, ENVELOPE);
        registry.grant(STORE, SLOT, GRANTEE, until);
        vm.stopPrank();
    }

    function canRelease() private view returns (bool) {
        return registry.canRelease(STORE, SLOT, GRANTEE, ENVELOPE);
    }

    function test_wrongRole() public {
        refusedWithout(registry.REGISTRAR_ROLE(), target, abi.encodeCall(registry.register, (STRANGER, RULE)));
        refusedWithout(0, target, abi.encodeCall(registry.delist, (STORE, true)));
        bytes memory error_ = abi.encodeWithSelector(StoreRegistry.NotOwner.selector, STORE, STRANGER, MERCHANT);
        refused(STRANGER, target, abi.encodeCall(registry.seal, (STORE, SLOT, 1, ENVELOPE)), error_);
        refused(STRANGER, target, abi.encodeCall(registry.grant, (STORE, SLOT, STRANGER, until)), error_);
        refused(STRANGER, target, abi.encodeCall(registry.revoke, (STORE, SLOT, GRANTEE)), error_);
    }

    function test_titlePassesByTheAdminOnly() public {
        bytes memory error_ =
            abi.encodeWithSelector(StoreRegistry.TitlePassesByAdminOnly.selector, STORE, MERCHANT);
        refused(MERCHANT, target, abi.encodeCall(registry.transferFrom, (MERCHANT, STRANGER, STORE)), error_);
        vm.prank(MERCHANT);
        registry.setApprovalForAll(STRANGER, true);
        error_ = abi.encodeWithSelector(StoreRegistry.TitlePassesByAdminOnly.selector, STORE, STRANGER);
        refused(STRANGER, target, abi.encodeCall(registry.transferFrom, (MERCHANT, STRANGER, STORE)), error_);
        vm.startPrank(ADMIN);
        registry.transferFrom(MERCHANT, ADMIN, STORE);
        same(registry.ownerOf(STORE), ADMIN, "taken");
        registry.transferFrom(ADMIN, MERCHANT, STORE);
        same(registry.ownerOf(STORE), MERCHANT, "and given back");
        same(registry.epochOf(STORE), 3, "epochs");
        vm.stopPrank();
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.transferFrom, (STRANGER, ADMIN, STORE)),
            abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, STRANGER, STORE, MERCHANT)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.transferFrom, (MERCHANT, ADMIN, 9)),
            abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.transferFrom, (address(0), ADMIN, 9)),
            abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9)
        );
        refused(
            STRANGER,
            target,
            abi.encodeCall(registry.transferFrom, (address(0), STRANGER, 2)), // the next id: nobody registers by a transfer
            abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 2)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.transferFrom, (MERCHANT, address(0), STORE)),
            abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0))
        );
    }

    function test_releasesWhatIsSealedToWhomItIsGranted() public {
        no(canRelease(), "nothing sealed");
        sealAndGrant(MERCHANT, 1);
        yes(canRelease(), "granted");
        no(registry.canRelease(STORE, SLOT, STRANGER, ENVELOPE), "not to a stranger");
        no(registry.canRelease(STORE, SLOT, GRANTEE, keccak256("x")), "not another envelope");
        no(registry.canRelease(STORE, keccak256("x"), GRANTEE, ENVELOPE), "not another slot");
        no(registry.canRelease(uint256(STORE) + (1 << 32), SLOT, GRANTEE, ENVELOPE), "not another store");
        no(registry.canRelease(9, 0, address(0), 0), "not of no store");
        vm.warp(until);
        no(canRelease(), "not for ever");
        same(registry.credentialOf(STORE, SLOT).version, 1, "version");
        same(registry.grantOf(STORE, SLOT, GRANTEE).until, until, "until");
    }

    function test_revocationActsAtOnce() public {
        sealAndGrant(MERCHANT, 1);
        vm.prank(MERCHANT);
        registry.revoke(STORE, SLOT, GRANTEE);
        no(canRelease(), "revoked");
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.revoke, (STORE, SLOT, GRANTEE)),
            abi.encodeWithSelector(StoreRegistry.NothingGranted.selector, STORE, SLOT, GRANTEE)
        );
    }

    function test_aNewOwnerVoidsEveryGrantAndEveryEnvelope() public {
        sealAndGrant(MERCHANT, 1);
        vm.prank(ADMIN);
        registry.transferFrom(MERCHANT, ADMIN, STORE);
        no(canRelease(), "void");
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.grant, (STORE, SLOT, GRANTEE, until)),
            abi.encodeWithSelector(StoreRegistry.NothingSealed.selector, STORE, SLOT, 2)
        );
        vm.prank(ADMIN);
        registry.seal(STORE, SLOT, 2, ENVELOPE);
        no(canRelease(), "the old grant stays void");
        vm.prank(ADMIN);
        registry.grant(STORE, SLOT, GRANTEE, until);
        yes(canRelease(), "granted anew");
    }

    function test_lockedOrPausedReleasesNothingAndPassesNoTitle() public {
        sealAndGrant(MERCHANT, 1);
        vm.prank(MONITOR);
        guard.reportBreach(STORE, RULE);
        no(canRelease(), "locked");
        bytes memory error_ = abi.encodeWithSelector(StoreRegistry.StoreNotOpen.selector, STORE);
        refused(ADMIN, target, abi.encodeCall(registry.transferFrom, (MERCHANT, ADMIN, STORE)), error_);
        vm.prank(ADMIN);
        guard.clearBreach(STORE);
        yes(canRelease(), "unlocked");
        vm.prank(GUARDIAN);
        guard.pause();
        no(canRelease(), "paused");
        refused(ADMIN, target, abi.encodeCall(registry.transferFrom, (MERCHANT, ADMIN, STORE)), error_);
    }

    function test_refusals() public {
        refused(
            REGISTRAR, target, abi.encodeCall(registry.register, (MERCHANT, 0)), abi.encodeWithSelector(StoreRegistry.ZeroNameHash.selector)
        );
        refused(
            REGISTRAR,
            target,
            abi.encodeCall(registry.register, (address(0), RULE)),
            abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0))
        );
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.seal, (STORE, SLOT, 2, ENVELOPE)),
            abi.encodeWithSelector(StoreRegistry.NotNextVersion.selector, STORE, SLOT, 1, 2)
        );
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.seal, (STORE, SLOT, 1, 0)),
            abi.encodeWithSelector(StoreRegistry.ZeroEnvelope.selector, STORE, SLOT)
        );
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.grant, (STORE, SLOT, GRANTEE, until)),
            abi.encodeWithSelector(StoreRegistry.NothingSealed.selector, STORE, SLOT, 1)
        );
        vm.prank(MERCHANT);
        registry.seal(STORE, SLOT, 1, ENVELOPE);
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.grant, (STORE, SLOT, address(0), until)),
            abi.encodeWithSelector(StoreRegistry.BadGrant.selector, address(0), until)
        );
        uint64 past = uint64(block.timestamp);
        refused(
            MERCHANT,
            target,
            abi.encodeCall(registry.grant, (STORE, SLOT, GRANTEE, past)),
            abi.encodeWithSelector(StoreRegistry.BadGrant.selector, GRANTEE, past)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(registry.delist, (STORE, false)),
            abi.encodeWithSelector(StoreRegistry.AlreadyDelisted.selector, STORE, false)
        );
    }

    function test_whomTheOwnerApprovedSealsAndGrants() public {
        vm.prank(MERCHANT);
        registry.setApprovalForAll(OPERATOR, true);
        sealAndGrant(OPERATOR, 1);
        yes(canRelease(), "granted");
        vm.prank(ADMIN);
        registry.delist(STORE, true);
        yes(registry.isDelisted(STORE), "delisted");
        yes(registry.supportsInterface(0x80ac58cd), "ERC-721");
    }

    function testFuzz_nothingIsReleasedAcrossEpochs(uint8 passings, bool resealed) public {
        sealAndGrant(MERCHANT, 1);
        uint256 n = bound(passings, 1, 20);
        for (uint256 i; i < n; ++i) {
            address from = registry.ownerOf(STORE);
            vm.prank(ADMIN);
            registry.transferFrom(from, address(uint160(0x7000 + i)), STORE);
        }
        address owner = registry.ownerOf(STORE);
        if (resealed) {
            vm.prank(owner);
            registry.seal(STORE, SLOT, 2, ENVELOPE);
        }
        no(canRelease(), "void");
    }
}

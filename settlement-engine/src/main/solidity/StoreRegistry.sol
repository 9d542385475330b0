// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {PolicyGuard} from "./PolicyGuard.sol";

/// @title Who owns a store, and to whom its credentials may be released
/// @notice One ERC-721 per store. Its title passes only by the DAO's timelock, which may take it and give it back; each
/// passing raises the store's epoch, and with it every sealed credential and every grant made before becomes void.
/// @dev What is on chain is the hash of a sealed envelope, never the envelope. The old owner once knew the password:
/// a passing of title must be followed by a rotation at the platform, which no contract can do.
contract StoreRegistry is ERC721, AccessControl {
    /// @notice May register stores.
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR");

    /// @notice The policies asked before a release and before a passing of title.
    PolicyGuard public immutable guard;

    /// @notice A sealed credential: the newest version in its slot, and the ownership epoch in which it was sealed.
    struct Credential {
        bytes32 envelopeHash;
        uint64 version;
        uint64 epoch;
    }

    /// @notice Permission for one grantee to have one slot released, in one epoch, until `until` (seconds, exclusive).
    struct Grant {
        uint64 epoch;
        uint64 until;
    }

    /// @notice The number of stores, and the newest store's id.
    uint32 public stores;

    /// @notice How often a store's title has passed, its registration included.
    mapping(uint256 storeId => uint64 epoch) public epochOf;

    /// @notice Whether the holders have taken a store off the programme.
    mapping(uint256 storeId => bool delisted) public isDelisted;

    mapping(uint256 storeId => mapping(bytes32 slot => Credential)) private _credentials;
    mapping(uint256 storeId => mapping(bytes32 slot => mapping(address grantee => Grant))) private _grants;

    /// @notice A store has been registered; `nameHash` is the hash of its name off chain.
    event StoreRegistered(uint256 indexed storeId, address indexed owner, bytes32 indexed nameHash);

    /// @notice Title has passed; nothing sealed or granted before counts any more.
    event EpochRaised(uint256 indexed storeId, uint64 epoch, address indexed owner);

    /// @notice A credential has been sealed.
    event CredentialSealed(
        uint256 indexed storeId, bytes32 indexed slot, uint64 version, uint64 epoch, bytes32 envelopeHash
    );

    /// @notice A grantee may have a slot released.
    event CredentialGranted(
        uint256 indexed storeId, bytes32 indexed slot, address indexed grantee, uint64 epoch, uint64 until
    );

    /// @notice A grantee may no longer have a slot released.
    event CredentialRevoked(uint256 indexed storeId, bytes32 indexed slot, address indexed grantee);

    /// @notice The holders have taken a store off the programme, or put it back.
    event StoreDelisted(uint256 indexed storeId, bool delisted);

    error ZeroNameHash();
    error NotOwner(uint256 storeId, address caller, address owner);
    error TitlePassesByAdminOnly(uint256 storeId, address caller);
    error StoreNotOpen(uint256 storeId);
    error NotNextVersion(uint256 storeId, bytes32 slot, uint64 expected, uint64 given);
    error ZeroEnvelope(uint256 storeId, bytes32 slot);
    error NothingSealed(uint256 storeId, bytes32 slot, uint64 epoch);
    error BadGrant(address grantee, uint64 until);
    error NothingGranted(uint256 storeId, bytes32 slot, address grantee);
    error AlreadyDelisted(uint256 storeId, bool delisted);

    modifier onlyOwnerOf(uint256 storeId) {
        address owner = ownerOf(storeId);
        if (msg.sender != owner && !isApprovedForAll(owner, msg.sender)) revert NotOwner(storeId, msg.sender, owner);
        _;
    }

    /// @param admin the DAO's timelock: the only one that passes title, delists, changes roles
    /// @param registrar may register stores
    /// @param guard_ the policies
    constructor(address admin, address registrar, PolicyGuard guard_) ERC721("Sluice Store", "STORE") {
        guard = guard_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(REGISTRAR_ROLE, registrar);
    }

    /// @notice Registers a store and gives its title to `owner`. Registrar only.
    /// @param nameHash hash of the store's name off chain, not zero
    /// @return storeId counted from 1
    function register(address owner, bytes32 nameHash) external onlyRole(REGISTRAR_ROLE) returns (uint32 storeId) {
        if (nameHash == 0) revert ZeroNameHash();
        storeId = ++stores;
        emit StoreRegistered(storeId, owner, nameHash);
        _mint(owner, storeId);
    }

    /// @notice Takes a store off the programme, or puts it back. Admin (timelock) only.
    function delist(uint256 storeId, bool delisted) external onlyRole(DEFAULT_ADMIN_ROLE) {
        ownerOf(storeId);
        if (isDelisted[storeId] == delisted) revert AlreadyDelisted(storeId, delisted);
        isDelisted[storeId] = delisted;
        emit StoreDelisted(storeId, delisted);
    }

    /// @notice Seals the next version of a credential. Owner, or whom the owner approved for all.
    /// @param slot which credential
    /// @param version exactly one more than the slot's newest, whatever the epoch
    /// @param envelopeHash hash of the sealed envelope, not zero
    function seal(uint256 storeId, bytes32 slot, uint64 version, bytes32 envelopeHash) external onlyOwnerOf(storeId) {
        Credential storage credential = _credentials[storeId][slot];
        if (version != credential.version + 1) revert NotNextVersion(storeId, slot, credential.version + 1, version);
        if (envelopeHash == 0) revert ZeroEnvelope(storeId, slot);
        uint64 epoch = epochOf[storeId];
        (credential.envelopeHash, credential.version, credential.epoch) = (envelopeHash, version, epoch);
        emit CredentialSealed(storeId, slot, version, epoch, envelopeHash);
    }

    /// @notice Lets a grantee have a slot released. Owner, or whom the owner approved for all. Covers later versions
    /// sealed in the same epoch.
    /// @param until seconds, exclusive; in the future
    function grant(uint256 storeId, bytes32 slot, address grantee, uint64 until) external onlyOwnerOf(storeId) {
        uint64 epoch = epochOf[storeId];
        if (_credentials[storeId][slot].epoch != epoch) revert NothingSealed(storeId, slot, epoch);
        if (grantee == address(0) || until <= block.timestamp) revert BadGrant(grantee, until);
        _grants[storeId][slot][grantee] = Grant(epoch, until);
        emit CredentialGranted(storeId, slot, grantee, epoch, until);
    }

    /// @notice Ends a grant at once. Owner, or whom the owner approved for all.
    function revoke(uint256 storeId, bytes32 slot, address grantee) external onlyOwnerOf(storeId) {
        if (_grants[storeId][slot][grantee].until == 0) revert NothingGranted(storeId, slot, grantee);
        delete _grants[storeId][slot][grantee];
        emit CredentialRevoked(storeId, slot, grantee);
    }

    /// @notice Whether this envelope may be released to this grantee now. Never reverts for want of a store.
    /// @dev The engine asks at the finalized block and at the latest: a grant needs both, a revocation only the latest.
    function canRelease(uint256 storeId, bytes32 slot, address grantee, bytes32 envelopeHash)
        external
        view
        returns (bool)
    {
        uint64 epoch = epochOf[storeId];
        Credential memory credential = _credentials[storeId][slot];
        Grant memory granted = _grants[storeId][slot][grantee];
        // forge-lint: disable-next-line(unsafe-typecast)
        return epoch != 0 && guard.isOpen(uint32(storeId)) // an id with an epoch came from `register`, a uint32
            && credential.epoch == epoch && credential.envelopeHash == envelopeHash && granted.epoch == epoch
            && block.timestamp < granted.until;
    }

    /// @notice The newest sealed version in a slot, or all zero.
    function credentialOf(uint256 storeId, bytes32 slot) external view returns (Credential memory) {
        return _credentials[storeId][slot];
    }

    /// @notice A grantee's permission, or all zero. Void when its epoch is not the store's.
    function grantOf(uint256 storeId, bytes32 slot, address grantee) external view returns (Grant memory) {
        return _grants[storeId][slot][grantee];
    }

    /// @notice ERC-165.
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, AccessControl) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    /// @dev The one door for title. `caller` is zero for a registration alone, as only {register} mints; a passing needs an
    /// existing store, or a transfer from nobody would register one. The timelock needs nobody's approval, and an owner's
    /// approval gives nobody a way.
    function _update(address to, uint256 storeId, address caller) internal override returns (address from) {
        if (caller != address(0)) {
            _requireOwned(storeId);
            if (!hasRole(DEFAULT_ADMIN_ROLE, caller)) revert TitlePassesByAdminOnly(storeId, caller);
            // forge-lint: disable-next-line(unsafe-typecast)
            if (!guard.isOpen(uint32(storeId))) revert StoreNotOpen(storeId);
        }
        from = super._update(to, storeId, address(0));
        emit EpochRaised(storeId, ++epochOf[storeId], to);
    }
}

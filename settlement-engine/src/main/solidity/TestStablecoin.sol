// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A stablecoin for test networks
/// @notice Six decimals, minted by one issuer, who can refuse an account as regulated issuers do. Worth nothing.
contract TestStablecoin is ERC20 {
    /// @notice The only account that may mint and blacklist.
    address public immutable issuer;

    /// @notice Accounts that can neither send nor receive.
    mapping(address account => bool refused) public blacklisted;

    /// @notice The issuer has begun or ceased to refuse an account.
    event BlacklistChanged(address indexed account, bool refused);

    error NotIssuer(address caller, address issuer);
    error AccountBlacklisted(address account);

    modifier onlyIssuer() {
        if (msg.sender != issuer) revert NotIssuer(msg.sender, issuer);
        _;
    }

    /// @param name_ the token's name
    /// @param symbol_ the token's symbol
    /// @param issuer_ the only account that may mint and blacklist, for good
    constructor(string memory name_, string memory symbol_, address issuer_) ERC20(name_, symbol_) {
        issuer = issuer_;
    }

    /// @notice Creates `units` (millionths of a coin) at `to`. Issuer only; reverts for a blacklisted account.
    function mint(address to, uint256 units) external onlyIssuer {
        _mint(to, units);
    }

    /// @notice Refuses an account, or accepts it again. Issuer only.
    function setBlacklisted(address account, bool refused) external onlyIssuer {
        blacklisted[account] = refused;
        emit BlacklistChanged(account, refused);
    }

    /// @notice Six, whatever the currency.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _update(address from, address to, uint256 units) internal override {
        if (blacklisted[from]) revert AccountBlacklisted(from);
        if (blacklisted[to]) revert AccountBlacklisted(to);
        super._update(from, to, units);
    }
}

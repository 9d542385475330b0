// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a USDC-shaped proxy points to
/// @notice Six decimals, a pause, and a blacklist kept in the top bit of each balance word, as the regulated coin does.
contract UsdcShapedLogic {
    uint256 private constant LISTED = 1 << 255;

    address private _logic; // the proxy's slot
    bool public paused;
    uint256 public totalSupply;
    mapping(address account => uint256 word) private _words;
    mapping(address account => mapping(address spender => uint256 units)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 units);
    event Approval(address indexed account, address indexed spender, uint256 units);

    error TokenPaused();
    error Blacklisted(address account);
    error NotEnough(address account, uint256 held, uint256 units);

    function decimals() external pure returns (uint8) {
        return 6;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _words[account] & ~LISTED;
    }

    function setPaused(bool paused_) external {
        paused = paused_;
    }

    function setBlacklisted(address account, bool listed) external {
        _words[account] = listed ? _words[account] | LISTED : _words[account] & ~LISTED;
    }

    function mint(address to, uint256 units) external {
        totalSupply += units;
        _words[to] += units;
        emit Transfer(address(0), to, units);
    }

    function approve(address spender, uint256 units) external returns (bool) {
        allowance[msg.sender][spender] = units;
        emit Approval(msg.sender, spender, units);
        return true;
    }

    function transfer(address to, uint256 units) external returns (bool) {
        _move(msg.sender, to, units);
        return true;
    }

    function transferFrom(address from, address to, uint256 units) external returns (bool) {
        if (allowance[from][msg.sender] < units) revert NotEnough(from, allowance[from][msg.sender], units);
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= units;
        _move(from, to, units);
        return true;
    }

    function _move(address from, address to, uint256 units) private {
        if (paused) revert TokenPaused();
        uint256 sender = _words[from];
        if (sender & LISTED != 0) revert Blacklisted(from);
        if (_words[to] & LISTED != 0 || to == address(0)) revert Blacklisted(to);
        if (sender < units) revert NotEnough(from, sender, units);
        unchecked {
            _words[from] = sender - units;
        }
        _words[to] += units;
        emit Transfer(from, to, units);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PolicyGuard} from "../src/PolicyGuard.sol";
import {RoyaltyDistributor} from "../src/RoyaltyDistributor.sol";
import {PayeeBook} from "../src/PayeeBook.sol";
import {Fixture, Mintable} from "./Fixture.t.sol";
import {MoodyToken} from "./MoodyToken.sol";
import {PlainToken} from "./PlainToken.sol";
import {UsdcShapedLogic} from "./UsdcShapedLogic.sol";
import {UsdcShapedProxy} from "./UsdcShapedProxy.sol";

contract RoyaltyDistributorTest is Fixture {
    bytes32 private constant ID = keccak256("distribution 1");
    address private constant ANNE = address(0xA001);
    address private constant BEN = address(0xB002);
    address private constant CLEO = address(0xC003);

    MoodyToken private token;

    function setUp() public {
        deploy();
        token = new MoodyToken();
        open(address(token));
    }

    function three() private pure returns (bytes memory) {
        return bytes.concat(entry(ANNE, 10), entry(BEN, 20), entry(CLEO, 30));
    }

    // ---- the good way

    function test_paysEveryPayeeExactly() public {
        anchorOne(ID, address(token), three(), 60);
        same(token.balanceOf(address(distributor)), 60, "funded");
        same(distributor.committed(address(token)), 60, "committed");
        execute(ID, three());
        same(token.balanceOf(ANNE), 10, "Anne");
        same(token.balanceOf(BEN), 20, "Ben");
        same(token.balanceOf(CLEO), 30, "Cleo");
        same(distributor.committed(address(token)), 0, "nothing committed");
        same(distributor.distributionState(ID).paid, 60, "paid");
        yes(distributor.isExecuted(ID, 0), "executed");
        no(distributor.isExecuted(ID, 1), "no other");
        no(distributor.isExecuted(ID, 64), "beyond");
    }

    function test_anchorsAndExecutesInOneTransaction() public {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leafOf(ID, 0, three()), address(token), 60, 1);
        vm.prank(OPERATOR);
        distributor.anchorAndExecute(anchor, three());
        same(token.balanceOf(CLEO), 30, "Cleo");
        yes(distributor.isExecuted(ID, 0), "executed");
    }

    function test_anchorsAndExecutesAPageInOneTransaction() public {
        (bytes memory payees, bytes memory amounts, uint256 sum) = pageOf(3, 5, 2);
        address page = book.write(payees);
        bytes32 leaf = distributor.pageLeaf(ID, 0, page.codehash, 2, amounts);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leaf, address(token), sum, 1);
        bytes memory call = abi.encodeCall(distributor.anchorAndExecutePage, (anchor, page, 2, amounts));
        refusedWithout(distributor.OPERATOR_ROLE(), address(distributor), call);
        anchor.batches = 2;
        refused(
            OPERATOR,
            address(distributor),
            abi.encodeCall(distributor.anchorAndExecutePage, (anchor, page, 2, amounts)),
            abi.encodeWithSelector(RoyaltyDistributor.NotAnchoredBatch.selector, ID, 0, leaf)
        );
        vm.prank(OPERATOR);
        (bool done,) = address(distributor).call(call);
        yes(done, "paid");
        same(token.balanceOf(payeeAt(7)), 1005, "the last payee");
    }

    function test_executesBatchesInAnyOrder() public {
        bytes32[] memory leaves = new bytes32[](64);
        uint256 total;
        for (uint256 i; i < 64; ++i) {
            leaves[i] = leafOf(ID, i, entry(payeeAt(i), i + 1));
            total += i + 1;
        }
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, rootOf(leaves), address(token), total, 64);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        for (uint256 i = 64; i > 0; --i) {
            vm.prank(OPERATOR);
            distributor.executeBatch(ID, i - 1, proofOf(leaves, i - 1), entry(payeeAt(i - 1), i));
        }
        same(distributor.distributionState(ID).paid, total, "all paid");
        same(distributor.distributionState(ID).executed, type(uint64).max, "all marked");
    }

    function test_paysAPageOfTheBook() public {
        (bytes memory payees, bytes memory amounts, uint256 sum) = pageOf(7, 100, 3);
        address page = book.write(payees);
        bytes32 leaf = distributor.pageLeaf(ID, 0, page.codehash, 3, amounts);
        same(
            leaf,
            keccak256(
                abi.encodePacked(
                    keccak256(
                        abi.encode(
                            block.chainid, address(distributor), ID, 0, keccak256(bytes.concat(hex"00", payees)), 3, keccak256(amounts)
                        )
                    )
                )
            ),
            "leaf"
        );
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leaf, address(token), sum, 1);
        vm.startPrank(OPERATOR);
        distributor.anchorDistribution(anchor);
        distributor.executePageBatch(ID, 0, onlyProof(), page, 3, amounts);
        vm.stopPrank();
        for (uint256 i; i < 100; ++i) same(token.balanceOf(payeeAt(7 + i)), 1001 + i, "payee");
    }

    function test_provesEntitlements() public {
        bytes32 leaf = distributor.entitlementLeaf(ID, keccak256("H-1"), 77);
        same(
            leaf,
            keccak256(
                abi.encodePacked(
                    keccak256(
                        abi.encode(
                            keccak256("sluice/entitlement/1"), block.chainid, address(distributor), ID, keccak256("H-1"), 77
                        )
                    )
                )
            ),
            "leaf"
        );
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leafOf(ID, 0, three()), address(token), 60, 1);
        anchor.entitlementRoot = leaf;
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = leafOf(ID, 0, three());
        yes(distributor.isEntitled(ID, keccak256("H-1"), 77, proof), "entitled");
        no(distributor.isEntitled(ID, keccak256("H-1"), 78, proof), "not to more");
        no(distributor.isEntitled(ID, keccak256("H-2"), 77, proof), "not another");
        no(distributor.isEntitled(keccak256("other"), keccak256("H-1"), 77, proof), "not elsewhere");
    }

    // ---- payees who cannot be paid

    function test_creditsWhomTheTokenRefusesAndPaysTheRest() public {
        for (uint256 mood = 1; mood < 8; ++mood) {
            bytes32 id = keccak256(abi.encode(mood));
            bool paid = mood == 3 || mood == 6; // answers nothing; calls first
            uint256 benBefore = token.balanceOf(BEN) + distributor.owed(address(token), BEN);
            uint256 owedBefore = distributor.owed(address(token), BEN);
            uint256 cleoBefore = token.balanceOf(CLEO);
            token.setMood(BEN, MoodyToken.Mood(mood));
            anchorOne(id, address(token), three(), 60);
            execute(id, three());
            same(distributor.owed(address(token), BEN) - owedBefore, paid ? 0 : 20, "owed");
            same(token.balanceOf(BEN) + distributor.owed(address(token), BEN) - benBefore, 20, "one or the other");
            same(token.balanceOf(CLEO) - cleoBefore, 30, "the next is paid");
        }
        token.setMood(BEN, MoodyToken.Mood.PAYS);
        uint256 owed = distributor.owed(address(token), BEN);
        uint256 held = token.balanceOf(BEN);
        vm.prank(STRANGER);
        distributor.withdrawOwed(address(token), BEN);
        same(token.balanceOf(BEN) - held, owed, "withdrawn");
        same(distributor.committed(address(token)), 0, "nothing left");
        vm.expectRevert(abi.encodeWithSelector(RoyaltyDistributor.NothingOwed.selector, address(token), BEN));
        distributor.withdrawOwed(address(token), BEN);
    }

    function test_withdrawalWhileRefusedLosesNothing() public {
        token.setMood(BEN, MoodyToken.Mood.REVERTS);
        anchorOne(ID, address(token), three(), 60);
        execute(ID, three());
        vm.expectRevert(abi.encodeWithSelector(MoodyToken.Refused.selector, BEN));
        distributor.withdrawOwed(address(token), BEN);
        same(distributor.owed(address(token), BEN), 20, "still owed");
        same(distributor.committed(address(token)), 20, "still covered");
    }

    function test_creditsFrozenPayeesAndRefusesTheirWithdrawal() public {
        address neighbour = address(0xFFB002 + 0x10000); // another payee with Ben's last byte
        vm.prank(COMPLIANCE);
        distributor.setFrozen(BEN, true);
        bytes memory packed = bytes.concat(three(), entry(neighbour, 40));
        anchorOne(ID, address(token), packed, 100);
        execute(ID, packed);
        same(distributor.owed(address(token), BEN), 20, "credited");
        same(token.balanceOf(neighbour), 40, "the neighbour is paid");
        vm.expectRevert(abi.encodeWithSelector(RoyaltyDistributor.PayeeFrozen.selector, BEN));
        distributor.withdrawOwed(address(token), BEN);
        vm.prank(COMPLIANCE);
        distributor.setFrozen(BEN, false);
        distributor.withdrawOwed(address(token), BEN);
        same(token.balanceOf(BEN), 20, "paid after all");
    }

    function test_unfreezingOneKeepsAnotherWithTheSameLastByteFrozen() public {
        address other = address(0x10B002);
        vm.startPrank(COMPLIANCE);
        distributor.setFrozen(BEN, true);
        distributor.setFrozen(other, true);
        distributor.setFrozen(other, false);
        vm.stopPrank();
        anchorOne(ID, address(token), three(), 60);
        execute(ID, three());
        same(distributor.owed(address(token), BEN), 20, "still frozen");
        refused(
            COMPLIANCE,
            address(distributor),
            abi.encodeCall(distributor.setFrozen, (BEN, true)),
            abi.encodeWithSelector(RoyaltyDistributor.FrozenUnchanged.selector, BEN, true)
        );
    }

    function test_aReentrantTokenGetsNowhere() public {
        anchorOne(ID, address(token), three(), 60);
        token.setMood(BEN, MoodyToken.Mood.CALLS);
        token.setCall(address(distributor), abi.encodeCall(distributor.executeBatch, (ID, 0, onlyProof(), three())));
        execute(ID, three());
        no(token.called(), "no second execution");
        token.setCall(address(distributor), abi.encodeCall(distributor.withdrawOwed, (address(token), BEN)));
        anchorOne(keccak256("2"), address(token), three(), 60);
        execute(keccak256("2"), three());
        no(token.called(), "no withdrawal");
        same(token.balanceOf(CLEO), 60, "paid twice in two distributions");
    }

    function test_aBlacklistingPausableProxyIsSurvived() public {
        UsdcShapedLogic usdc = UsdcShapedLogic(address(new UsdcShapedProxy(address(new UsdcShapedLogic()))));
        open(address(usdc));
        usdc.setBlacklisted(BEN, true);
        anchorOne(ID, address(usdc), three(), 60);
        execute(ID, three());
        same(usdc.balanceOf(ANNE) + usdc.balanceOf(CLEO), 40, "others paid");
        vm.expectRevert(abi.encodeWithSelector(UsdcShapedLogic.Blacklisted.selector, BEN));
        distributor.withdrawOwed(address(usdc), BEN);
        usdc.setPaused(true);
        anchorFails(address(usdc));
        usdc.setPaused(false);
        anchorOne(keccak256("2"), address(usdc), three(), 60);
        usdc.setPaused(true);
        execute(keccak256("2"), three());
        same(distributor.owed(address(usdc), ANNE), 10, "a paused token pays nobody and loses nobody's money");
    }

    function anchorFails(address anchored) private {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(keccak256("x"), keccak256("y"), anchored, 1, 1);
        vm.prank(OPERATOR);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.anchorDistribution, (anchor)));
        no(done, "not anchored");
    }

    function test_eighteenDecimals() public {
        PlainToken plain = new PlainToken(18);
        open(address(plain));
        anchorOne(ID, address(plain), entry(ANNE, 1e17), 1e17);
        execute(ID, entry(ANNE, 1e17));
        same(plain.balanceOf(ANNE), 1e17, "Anne");
    }

    // ---- what is refused

    function test_wrongRole() public {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leafOf(ID, 0, three()), address(token), 60, 1);
        bytes32 operator = distributor.OPERATOR_ROLE();
        bytes32 compliance = distributor.COMPLIANCE_ROLE();
        address target = address(distributor);
        refusedWithout(operator, target, abi.encodeCall(distributor.anchorDistribution, (anchor)));
        refusedWithout(operator, target, abi.encodeCall(distributor.anchorAndExecute, (anchor, three())));
        refusedWithout(compliance, target, abi.encodeCall(distributor.setFrozen, (BEN, true)));
        refusedWithout(0, target, abi.encodeCall(distributor.reassignOwed, (address(token), BEN, TREASURY)));
        refusedWithout(0, target, abi.encodeCall(distributor.cancelDistribution, (ID, TREASURY)));
        refusedWithout(0, target, abi.encodeCall(distributor.closeDistribution, (ID, TREASURY)));
        refusedWithout(0, target, abi.encodeCall(distributor.recoverSurplus, (address(token), TREASURY)));
        refusedWithout(0, target, abi.encodeCall(distributor.grantRole, (operator, STRANGER)));
        anchorOne(ID, address(token), three(), 60);
        bytes memory error_ = abi.encodeWithSelector(RoyaltyDistributor.NotOperator.selector, STRANGER);
        refused(STRANGER, target, abi.encodeCall(distributor.executeBatch, (ID, 0, onlyProof(), three())), error_);
    }

    function test_badAnchor() public {
        bytes32 root = leafOf(ID, 0, three());
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, root, address(token), 60, 1);
        anchor.id = 0;
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, 0, address(token), 60, 1);
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, root, address(token), 60, 1);
        anchor.entitlementRoot = 0;
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, root, address(token), 0, 1);
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, root, address(token), 60, 0);
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, root, address(token), 60, 65);
        refusedAnchor(anchor, bad(anchor));
        anchor = anchorOf(ID, root, address(token), 60, 1);
        anchor.recordPoint = uint48(block.timestamp + 1);
        refusedAnchor(
            anchor,
            abi.encodeWithSelector(
                RoyaltyDistributor.RecordPointInFuture.selector, block.timestamp + 1, block.timestamp
            )
        );
        anchor.recordPoint = uint48(20_001 days - 1);
        refusedAnchor(anchor, notInForce(anchor));
        anchor.recordPoint = uint48(20_001 days);
        anchor.ruleHash = keccak256("another");
        refusedAnchor(anchor, notInForce(anchor));
        anchor.ruleHash = RULE;
        anchor.storeId = 2;
        refusedAnchor(anchor, notInForce(anchor));
    }

    function bad(RoyaltyDistributor.Anchor memory anchor) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(RoyaltyDistributor.BadAnchor.selector, anchor.id, anchor.total, anchor.batches);
    }

    function notInForce(RoyaltyDistributor.Anchor memory anchor) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            RoyaltyDistributor.RuleNotInForce.selector, anchor.storeId, anchor.ruleHash, anchor.recordPoint
        );
    }

    function refusedAnchor(RoyaltyDistributor.Anchor memory anchor, bytes memory error_) private {
        refused(OPERATOR, address(distributor), abi.encodeCall(distributor.anchorDistribution, (anchor)), error_);
    }

    function test_refusesASecondAnchoring() public {
        anchorOne(ID, address(token), three(), 60);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, keccak256("other"), address(token), 61, 2);
        refusedAnchor(
            anchor,
            abi.encodeWithSelector(RoyaltyDistributor.AlreadyAnchored.selector, ID, RoyaltyDistributor.State.OPEN)
        );
    }

    function test_refusesATokenThatTakesAFee() public {
        token.setFee(100);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, keccak256("r"), address(token), 1000, 1);
        refusedAnchor(
            anchor, abi.encodeWithSelector(RoyaltyDistributor.FundingMismatch.selector, address(token), 1000, 990)
        );
    }

    function test_aFeeThatStartsLaterCostsThePayeeAndNobodyElse() public {
        anchorOne(ID, address(token), entry(ANNE, 1000), 1000);
        token.setFee(100);
        execute(ID, entry(ANNE, 1000));
        same(token.balanceOf(ANNE), 990, "less the token's fee");
        same(distributor.committed(address(token)), 0, "all accounted for");
    }

    function test_refusesTokensThatAreNotWhatWasListed() public {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, keccak256("r"), address(token), 1000, 1);
        token.setDecimals(18);
        refusedAnchor(
            anchor, abi.encodeWithSelector(PolicyGuard.TokenDecimalsChanged.selector, address(token), 6, 18)
        );
        bytes32 pinned = address(token).codehash;
        vm.etch(address(token), address(new PlainToken(6)).code);
        refusedAnchor(
            anchor,
            abi.encodeWithSelector(
                PolicyGuard.TokenCodeChanged.selector, address(token), pinned, address(token).codehash
            )
        );
    }

    function test_refusesARepeat() public {
        bytes memory two = bytes.concat(entry(ANNE, 10));
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (leafOf(ID, 0, two), leafOf(ID, 1, two));
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, rootOf(leaves), address(token), 20, 2);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        bytes memory call = abi.encodeCall(distributor.executeBatch, (ID, 1, proofOf(leaves, 1), two));
        vm.prank(OPERATOR);
        distributor.executeBatch(ID, 1, proofOf(leaves, 1), two);
        bytes memory error_ = abi.encodeWithSelector(RoyaltyDistributor.AlreadyExecuted.selector, ID, 1);
        refused(OPERATOR, address(distributor), call, error_);
    }

    function test_refusesForeignProofs() public {
        bytes memory packed = three();
        bytes32 onOtherChain = leafOf(block.chainid + 1, address(distributor), ID, 0, packed);
        bytes32 ofOtherContract = leafOf(block.chainid, address(this), ID, 0, packed);
        bytes32 ofOtherDistribution = leafOf(keccak256("other"), 0, packed);
        bytes32 ofOtherIndex = leafOf(ID, 1, packed);
        bytes32[4] memory roots = [onOtherChain, ofOtherContract, ofOtherDistribution, ofOtherIndex];
        for (uint256 i; i < 4; ++i) {
            bytes32 id = i == 0 ? ID : keccak256(abi.encode(i));
            RoyaltyDistributor.Anchor memory anchor = anchorOf(id, roots[i], address(token), 60, 1);
            vm.prank(OPERATOR);
            distributor.anchorDistribution(anchor);
            refusedBatch(id, packed, notAnchored(id, packed));
        }
    }

    function test_refusesInnerNodesShortProofsAndOtherContent() public {
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 4; ++i) leaves[i] = leafOf(ID, i, entry(payeeAt(i), 15));
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, rootOf(leaves), address(token), 60, 4);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        bytes memory inner = bytes.concat(leaves[0], leaves[1]); // 64 bytes, as an inner node hashes
        refusedBatch(ID, inner, notAnchored(ID, inner));
        refusedBatch(ID, three(), notAnchored(ID, three()));
        bytes32[] memory none = new bytes32[](0);
        refused(
            OPERATOR,
            address(distributor),
            abi.encodeCall(distributor.executeBatch, (ID, 0, none, entry(payeeAt(0), 15))),
            notAnchored(ID, entry(payeeAt(0), 15))
        );
    }

    function notAnchored(bytes32 id, bytes memory packed) private view returns (bytes memory) {
        return abi.encodeWithSelector(RoyaltyDistributor.NotAnchoredBatch.selector, id, 0, leafOf(id, 0, packed));
    }

    function refusedBatch(bytes32 id, bytes memory packed, bytes memory error_) private {
        bytes memory call = abi.encodeCall(distributor.executeBatch, (id, 0, onlyProof(), packed));
        refused(OPERATOR, address(distributor), call, error_);
    }

    function test_refusesUnknownAndCancelledDistributions() public {
        refusedBatch(
            ID,
            three(),
            abi.encodeWithSelector(RoyaltyDistributor.NotOpen.selector, ID, RoyaltyDistributor.State.UNKNOWN)
        );
        anchorOne(ID, address(token), three(), 60);
        vm.prank(ADMIN);
        distributor.cancelDistribution(ID, TREASURY);
        same(token.balanceOf(TREASURY), 60, "refunded");
        refusedBatch(
            ID,
            three(),
            abi.encodeWithSelector(RoyaltyDistributor.NotOpen.selector, ID, RoyaltyDistributor.State.CANCELLED)
        );
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leafOf(ID, 0, three()), address(token), 60, 1);
        refusedAnchor(
            anchor,
            abi.encodeWithSelector(
                RoyaltyDistributor.AlreadyAnchored.selector, ID, RoyaltyDistributor.State.CANCELLED
            )
        );
    }

    function test_refusesWrongLengthsAndBadEntries() public {
        bytes[6] memory lists = [
            bytes(""),
            bytes.concat(three(), hex"00"),
            bytes.concat(entry(ANNE, 60), entry(address(0), 1)),
            bytes.concat(entry(ANNE, 60), entry(BEN, 0)),
            bytes.concat(entry(ANNE, 60), entry(address(distributor), 5)),
            bytes.concat(entry(ANNE, 60), hex"01")
        ];
        bytes[6] memory errors = [
            abi.encodeWithSelector(RoyaltyDistributor.BadLength.selector, 0, 32),
            abi.encodeWithSelector(RoyaltyDistributor.BadLength.selector, 97, 32),
            abi.encodeWithSelector(RoyaltyDistributor.BadEntry.selector, 1, address(0), 1),
            abi.encodeWithSelector(RoyaltyDistributor.BadEntry.selector, 1, BEN, 0),
            abi.encodeWithSelector(RoyaltyDistributor.BadEntry.selector, 1, address(distributor), 5),
            abi.encodeWithSelector(RoyaltyDistributor.BadLength.selector, 33, 32)
        ];
        for (uint256 i; i < 6; ++i) {
            bytes32 id = keccak256(abi.encode("bad", i));
            anchorOne(id, address(token), lists[i], 60);
            refusedBatch(id, lists[i], errors[i]);
        }
    }

    function test_refusesBadPages() public {
        (bytes memory payees, bytes memory amounts,) = pageOf(1, 3, 2);
        address page = book.write(payees);
        uint8[3] memory widths = [0, 13, 4];
        for (uint256 i; i < 3; ++i) {
            bytes32 id = keccak256(abi.encode("page", i));
            bytes32 leaf = distributor.pageLeaf(id, 0, page.codehash, widths[i], amounts);
            RoyaltyDistributor.Anchor memory anchor = anchorOf(id, leaf, address(token), 60, 1);
            vm.prank(OPERATOR);
            distributor.anchorDistribution(anchor);
            bytes memory call =
                abi.encodeCall(distributor.executePageBatch, (id, 0, onlyProof(), page, widths[i], amounts));
            bytes memory error_ = i < 2
                ? abi.encodeWithSelector(RoyaltyDistributor.BadLength.selector, widths[i], 12)
                : abi.encodeWithSelector(RoyaltyDistributor.BadLength.selector, 6, 4);
            refused(OPERATOR, address(distributor), call, error_);
        }
    }

    function test_refusesAnotherPageThanTheAnchoredOne() public {
        (bytes memory payees, bytes memory amounts,) = pageOf(1, 3, 2);
        (bytes memory others,,) = pageOf(9, 3, 2);
        address otherPage = book.write(others);
        anchorOnePage(ID, book.write(payees).codehash, amounts);
        bytes32 leaf = distributor.pageLeaf(ID, 0, otherPage.codehash, 2, amounts);
        refused(
            OPERATOR,
            address(distributor),
            abi.encodeCall(distributor.executePageBatch, (ID, 0, onlyProof(), otherPage, 2, amounts)),
            abi.encodeWithSelector(RoyaltyDistributor.NotAnchoredBatch.selector, ID, 0, leaf)
        );
    }

    function test_writesOnlyWholePages() public {
        bytes memory tooShort = new bytes(20);
        vm.expectRevert(abi.encodeWithSelector(PayeeBook.BadPage.selector, 0, 20, 1228));
        book.write("");
        vm.expectRevert(abi.encodeWithSelector(PayeeBook.BadPage.selector, 21, 20, 1228));
        book.write(bytes.concat(tooShort, hex"00"));
        vm.expectRevert(abi.encodeWithSelector(PayeeBook.BadPage.selector, 24580, 20, 1228));
        book.write(new bytes(24580));
        same(book.write(new bytes(24560)).code.length, 24561, "the largest page");
    }

    function anchorOnePage(bytes32 id, bytes32 codeHash, bytes memory amounts) private {
        bytes32 leaf = distributor.pageLeaf(id, 0, codeHash, 2, amounts);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(id, leaf, address(token), 60, 1);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
    }

    function test_refusesBatchesThatDoNotSumToTheTotal() public {
        anchorOne(ID, address(token), three(), 59);
        refusedBatch(ID, three(), abi.encodeWithSelector(RoyaltyDistributor.TotalExceeded.selector, ID, 60, 59));
        bytes32 other = keccak256("2");
        anchorOne(other, address(token), three(), 61);
        refusedBatch(other, three(), abi.encodeWithSelector(RoyaltyDistributor.TotalNotReached.selector, other, 60, 61));
        bytes32 third = keccak256("3");
        bytes memory huge = bytes.concat(entry(ANNE, type(uint96).max), entry(BEN, type(uint96).max));
        anchorOne(third, address(token), huge, 61);
        token.mint(address(distributor), uint256(type(uint96).max) * 2);
        refusedBatch(
            third,
            huge,
            abi.encodeWithSelector(
                RoyaltyDistributor.TotalExceeded.selector, third, uint256(type(uint96).max) * 2, 61
            )
        );
    }

    function test_refusesABatchBeyondTheirNumber() public {
        bytes32 leaf = leafOf(ID, 1, three());
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leaf, address(token), 60, 1);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        refused(
            OPERATOR,
            address(distributor),
            abi.encodeCall(distributor.executeBatch, (ID, 1, onlyProof(), three())),
            abi.encodeWithSelector(RoyaltyDistributor.NoSuchBatch.selector, ID, 1, 1)
        );
    }

    function test_anchorAndExecuteRefusesAnyOtherRoot() public {
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, keccak256("x"), address(token), 60, 1);
        bytes memory error_ = notAnchored(ID, three());
        refused(OPERATOR, address(distributor), abi.encodeCall(distributor.anchorAndExecute, (anchor, three())), error_);
        anchor = anchorOf(ID, leafOf(ID, 0, three()), address(token), 60, 2);
        refused(OPERATOR, address(distributor), abi.encodeCall(distributor.anchorAndExecute, (anchor, three())), error_);
    }

    function test_noGasLimitTurnsAPaymentIntoAFailure() public {
        bytes memory packed = three();
        anchorOne(ID, address(token), packed, 60);
        bytes memory call = abi.encodeCall(distributor.executeBatch, (ID, 0, onlyProof(), packed));
        bool told;
        for (uint256 gasLimit = 60_000; gasLimit < 420_000; gasLimit += 4_000) {
            vm.prank(OPERATOR);
            (bool done, bytes memory answer) = address(distributor).call{gas: gasLimit}(call);
            if (bytes4(answer) == RoyaltyDistributor.NotEnoughGas.selector) told = true;
            if (done) {
                yes(told, "a little less is refused before the token is called, and told");
                same(token.balanceOf(ANNE) + token.balanceOf(BEN) + token.balanceOf(CLEO), 60, "all paid");
                return;
            }
            same(distributor.distributionState(ID).executed, 0, "or nothing happened");
        }
        revert Not("executed with enough gas");
    }

    // ---- stopping, lapsing, recovering

    function test_pausedAndLockedStandStill() public {
        token.setMood(BEN, MoodyToken.Mood.REVERTS);
        anchorOne(ID, address(token), three(), 60);
        execute(ID, three());
        bytes32 id = keccak256("2");
        anchorOne(id, address(token), three(), 60);
        vm.prank(MONITOR);
        guard.reportBreach(STORE, keccak256("evidence"));
        bytes memory locked =
            abi.encodeWithSelector(PolicyGuard.StoreLocked.selector, STORE, keccak256("evidence"));
        refusedBatch(id, three(), locked);
        refusedAnchor(anchorOf(keccak256("3"), keccak256("r"), address(token), 1, 1), locked);
        refused(ADMIN, address(distributor), abi.encodeCall(distributor.cancelDistribution, (id, TREASURY)), locked);
        vm.prank(GUARDIAN);
        guard.pause();
        vm.warp(block.timestamp + 400 days); // long after the operator lapsed
        bytes memory paused = abi.encodeWithSelector(PolicyGuard.EverythingPaused.selector);
        refusedBatch(id, three(), paused);
        token.setMood(BEN, MoodyToken.Mood.PAYS);
        refused(BEN, address(distributor), abi.encodeCall(distributor.withdrawOwed, (address(token), BEN)), paused);
        refused(
            ADMIN, address(distributor), abi.encodeCall(distributor.reassignOwed, (address(token), BEN, TREASURY)), paused
        );
        refused(ADMIN, address(distributor), abi.encodeCall(distributor.closeDistribution, (id, TREASURY)), paused);
        refused(
            ADMIN, address(distributor), abi.encodeCall(distributor.recoverSurplus, (address(token), TREASURY)), paused
        );
    }

    function test_anyonePushesOnceTheHeartbeatLapses() public {
        anchorOne(ID, address(token), three(), 60);
        vm.warp(block.timestamp + LIMIT);
        refused(
            STRANGER,
            address(distributor),
            abi.encodeCall(distributor.executeBatch, (ID, 0, onlyProof(), three())),
            abi.encodeWithSelector(RoyaltyDistributor.NotOperator.selector, STRANGER)
        );
        vm.warp(block.timestamp + 1);
        vm.prank(STRANGER);
        distributor.executeBatch(ID, 0, onlyProof(), three());
        same(token.balanceOf(CLEO), 30, "paid");
    }

    function test_aBeatingOperatorCannotWithholdForLongerThanTheLimit() public {
        anchorOne(ID, address(token), three(), 60);
        vm.warp(block.timestamp + LIMIT + 1);
        vm.prank(OPERATOR);
        guard.heartbeat();
        vm.prank(STRANGER);
        distributor.executeBatch(ID, 0, onlyProof(), three());
        same(token.balanceOf(CLEO), 30, "paid");
    }

    function test_reassignsWhatALostPayeeIsOwedToAListedDestination() public {
        token.setMood(BEN, MoodyToken.Mood.REVERTS);
        anchorOne(ID, address(token), three(), 60);
        execute(ID, three());
        address target = address(distributor);
        refused(
            ADMIN,
            target,
            abi.encodeCall(distributor.reassignOwed, (address(token), BEN, STRANGER)),
            abi.encodeWithSelector(RoyaltyDistributor.NotADestination.selector, STRANGER)
        );
        vm.startPrank(ADMIN);
        distributor.reassignOwed(address(token), BEN, TREASURY);
        vm.stopPrank();
        refused(
            ADMIN,
            target,
            abi.encodeCall(distributor.reassignOwed, (address(token), BEN, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.NothingOwed.selector, address(token), BEN)
        );
        refused(
            ADMIN,
            target,
            abi.encodeCall(distributor.reassignOwed, (address(token), TREASURY, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.NothingOwed.selector, address(token), TREASURY)
        );
        distributor.withdrawOwed(address(token), TREASURY);
        same(token.balanceOf(TREASURY), 20, "recovered");
    }

    function test_cancelsOnlyBeforeTheFirstBatchAndToAListedDestination() public {
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (leafOf(ID, 0, entry(ANNE, 10)), leafOf(ID, 1, entry(BEN, 20)));
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, rootOf(leaves), address(token), 30, 2);
        vm.prank(OPERATOR);
        distributor.anchorDistribution(anchor);
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.cancelDistribution, (ID, STRANGER)),
            abi.encodeWithSelector(RoyaltyDistributor.NotADestination.selector, STRANGER)
        );
        vm.prank(OPERATOR);
        distributor.executeBatch(ID, 0, proofOf(leaves, 0), entry(ANNE, 10));
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.cancelDistribution, (ID, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.PartlyExecuted.selector, ID, 1)
        );
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.closeDistribution, (ID, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.NotYetClosable.selector, ID, block.timestamp + 365 days)
        );
        vm.warp(block.timestamp + 365 days);
        vm.prank(ADMIN);
        distributor.closeDistribution(ID, TREASURY);
        same(token.balanceOf(TREASURY), 20, "what was left");
        same(distributor.committed(address(token)), 0, "nothing stuck");
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.closeDistribution, (ID, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.NotOpen.selector, ID, RoyaltyDistributor.State.CLOSED)
        );
    }

    function test_aCompletedDistributionCannotBeClosed() public {
        anchorOne(ID, address(token), three(), 60);
        execute(ID, three());
        vm.warp(block.timestamp + 365 days);
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.closeDistribution, (ID, TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.TotalExceeded.selector, ID, 0, 0)
        );
    }

    function test_recoversOnlyWhatIsNotCommitted() public {
        anchorOne(ID, address(token), three(), 60);
        refused(
            ADMIN,
            address(distributor),
            abi.encodeCall(distributor.recoverSurplus, (address(token), TREASURY)),
            abi.encodeWithSelector(RoyaltyDistributor.NoSurplus.selector, address(token))
        );
        token.mint(address(distributor), 5);
        vm.prank(ADMIN);
        distributor.recoverSurplus(address(token), TREASURY);
        same(token.balanceOf(TREASURY), 5, "the surplus");
        same(token.balanceOf(address(distributor)), 60, "the rest stays");
    }

    function test_aTokenThatLosesTheBalanceStopsRatherThanPayOneFromAnother() public {
        anchorOne(ID, address(token), three(), 60);
        anchorOne(keccak256("2"), address(token), three(), 60);
        vm.prank(address(distributor));
        token.transfer(STRANGER, 30); // as a rebasing token would take it
        refusedBatch(
            ID, three(), abi.encodeWithSelector(RoyaltyDistributor.Insolvent.selector, address(token), 60, 30)
        );
    }

    function test_aTokenWhoseCodeIsGoneStops() public {
        anchorOne(ID, address(token), three(), 60);
        vm.etch(address(token), "");
        refusedBatch(
            ID, three(), abi.encodeWithSelector(RoyaltyDistributor.Insolvent.selector, address(token), 60, 0)
        );
    }

    // ---- fuzz

    function testFuzz_paysOrCreditsExactly(uint256 seed, uint8 count) public {
        uint256 n = bound(count, 1, 40);
        bytes memory packed;
        uint256 total;
        uint256[] memory amounts = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            amounts[i] = bound(word, 1, 1e12);
            total += amounts[i];
            packed = bytes.concat(packed, entry(payeeAt(i), amounts[i]));
            token.setMood(payeeAt(i), MoodyToken.Mood(bound(word >> 128, 0, 7)));
            if ((word >> 200) % 5 == 0) {
                vm.prank(COMPLIANCE);
                distributor.setFrozen(payeeAt(i), true);
            }
        }
        anchorOne(ID, address(token), packed, total);
        execute(ID, packed);
        uint256 owed;
        for (uint256 i; i < n; ++i) {
            uint256 received = token.balanceOf(payeeAt(i));
            uint256 credited = distributor.owed(address(token), payeeAt(i));
            same(received + credited, amounts[i], "exactly");
            yes(received == 0 || credited == 0, "never both");
            owed += credited;
        }
        same(distributor.committed(address(token)), owed, "committed is owed");
        same(token.balanceOf(address(distributor)), owed, "and held");
    }

    function testFuzz_pagePaysAsTheListDoes(uint256 seed, uint8 count, uint8 width_) public {
        uint256 n = bound(count, 1, 40);
        uint8 width = uint8(bound(width_, 5, 12));
        bytes memory payees;
        bytes memory amounts;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            uint256 units = bound(uint256(keccak256(abi.encode(seed, i))), 1, 1e12);
            total += units;
            payees = abi.encodePacked(payees, payeeAt(i));
            for (uint256 b = width; b > 0; --b) amounts = abi.encodePacked(amounts, uint8(units >> (8 * (b - 1))));
        }
        address page = book.write(payees);
        bytes32 leaf = distributor.pageLeaf(ID, 0, page.codehash, width, amounts);
        RoyaltyDistributor.Anchor memory anchor = anchorOf(ID, leaf, address(token), total, 1);
        vm.startPrank(OPERATOR);
        distributor.anchorDistribution(anchor);
        distributor.executePageBatch(ID, 0, onlyProof(), page, width, amounts);
        vm.stopPrank();
        for (uint256 i; i < n; ++i) {
            uint256 units = bound(uint256(keccak256(abi.encode(seed, i))), 1, 1e12);
            same(token.balanceOf(payeeAt(i)), units, "payee");
        }
        same(distributor.committed(address(token)), 0, "all paid");
    }

    /// Lists that are right in every way (they even sum to the total) but were not anchored.
    function testFuzz_noOtherContentExecutes(address payee, uint96 units, bytes32[] calldata proof) public {
        vm.assume(payee != address(0) && payee != address(distributor));
        units = uint96(bound(units, 1, 59));
        bytes memory packed = bytes.concat(entry(payee, units), entry(ANNE, 60 - units));
        anchorOne(ID, address(token), three(), 60);
        refusedBatch(ID, packed, notAnchored(ID, packed));
        vm.prank(OPERATOR);
        (bool done,) = address(distributor).call(abi.encodeCall(distributor.executeBatch, (ID, 0, proof, packed)));
        no(done, "not anchored, not executed");
    }
}

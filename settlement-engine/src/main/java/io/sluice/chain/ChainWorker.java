package io.sluice.chain;

import io.sluice.platform.Worker;
import java.time.Duration;

/** One turn: follow the blocks, settle what is final, look for what is mined, then sign and send. */
final class ChainWorker extends Worker {

    private final Follower follower;
    private final IncomingTransfers incoming;
    private final Lane lane;
    private final Heads heads;
    private final Duration pollInterval;
    private boolean sentAgain;

    ChainWorker(Follower follower, IncomingTransfers incoming, Lane lane, Heads heads, Duration pollInterval) {
        super("chain");
        this.follower = follower;
        this.incoming = incoming;
        this.lane = lane;
        this.heads = heads;
        this.pollInterval = pollInterval;
    }

    @Override
    protected boolean work() {
        Node.Block head = follower.follow();
        if (!sentAgain) {
            lane.takeOver();
            lane.sendAgain(head);
            sentAgain = true;
        }
        follower.findMined();
        follower.finalized(head).ifPresent(finalized -> {
            heads.saw(head, finalized.number());
            follower.settle(finalized);
            incoming.read(finalized);
        });
        lane.sign(head);
        lane.sendSigned(head);
        lane.nudge(head);
        follower.findStrangers(head);
        return false;
    }

    @Override
    protected Duration idle() {
        return pollInterval;
    }
}

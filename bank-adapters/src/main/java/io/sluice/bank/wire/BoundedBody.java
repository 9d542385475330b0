package io.sluice.bank.wire;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** A body of at most so many bytes; of a larger one nothing is kept, its connection ends, and it fails with {@link TooLarge}. */
final class BoundedBody implements BodySubscriber<byte[]> {

    /** There was an answer, and it is larger than any that is read. */
    static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1L;

        TooLarge(long most) {
            super("found more than " + most + " bytes");
        }
    }

    private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
    private final long most;
    private long left;
    private boolean over;
    private Subscription source = new Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    BoundedBody(long most) {
        this.most = most;
        this.left = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body.getBody();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        body.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            left -= buffer.remaining();
        }
        if (over) {
            return;
        }
        if (left < 0) {
            over = true;
            source.cancel();
            body.onError(new TooLarge(most));
        } else {
            body.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable cause) {
        if (!over) {
            body.onError(cause);
        }
    }

    @Override
    public void onComplete() {
        if (!over) {
            body.onComplete();
        }
    }
}

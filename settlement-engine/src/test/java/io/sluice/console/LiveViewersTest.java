package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class LiveViewersTest {

    private final LiveViewers viewers = new LiveViewers(Mockito.mock(Snapshots.class));

    @Test
    void takesNobodyInBeforeItRunsNorAfterItStopped() {
        viewers.join();
        assertThat(viewers.count()).isZero();
        viewers.start();
        viewers.join();
        assertThat(viewers.count()).isEqualTo(1);
        viewers.stop();
        assertThat(viewers.count()).isZero();
        viewers.join();
        assertThat(viewers.count()).isZero();
    }

    @Test
    void takesInNoMoreThanItCanTell() {
        viewers.start();
        for (int i = 0; i < 250; i++) {
            viewers.join();
        }
        assertThat(viewers.count()).isEqualTo(200);
        viewers.stop();
    }
}

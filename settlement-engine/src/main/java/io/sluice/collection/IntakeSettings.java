package io.sluice.collection;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where camt files are dropped.
 *
 * @param intake the folder; absent, none is watched
 * @param maxFileBytes a larger file is put aside unread
 */
@ConfigurationProperties("sluice")
record IntakeSettings(
        @Nullable Path intake, @DefaultValue("52428800") long maxFileBytes) {}

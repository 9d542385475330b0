package io.sluice.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks event handlers whose tables hold nothing but what they make of events and of primary tables, so that {@link Rebuild} can make
 * them anew. Such a class needs no other beans than the database's, and does nothing but write those tables when an event is replayed.
 * Its {@code @ProcessingGroup} is its name.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ReadModel {

    /** Its tables, those that others refer to first. Nobody else writes them. */
    String[] value();
}

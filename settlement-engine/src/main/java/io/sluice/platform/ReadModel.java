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

    /**
     * Those of its tables to which its handlers only add rows, by COPY or plain inserts: neither an update nor {@code on conflict}. A rebuild
     * makes their primary key after their rows; two rows of one key fail there.
     */
    String[] appended() default {};
}

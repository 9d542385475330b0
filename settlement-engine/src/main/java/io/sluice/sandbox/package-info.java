/**
 * The outside world of the demo, of tests and of scenarios: PostgreSQL, a local chain, a bank with honest books, and the people
 * who use the engine.
 *
 * <p>It runs in a process of its own, so that killing the engine proves something, and talks to the engine by HTTP and settings
 * alone; nobody imports it but the tests and the demo command. The bank commits to its own database before it answers. Time is the
 * {@link io.sluice.sandbox.BusinessClock}: compressed, kept in the bank's database, never going back.
 */
@NullMarked
package io.sluice.sandbox;

import org.jspecify.annotations.NullMarked;

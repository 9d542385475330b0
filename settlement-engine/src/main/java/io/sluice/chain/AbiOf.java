package io.sluice.chain;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the committed ABI of an interface that is not named as its contract. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface AbiOf {

    String value();
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Who calls this must look at what it answers. Error Prone honours any annotation of this name, so nobody depends on its
 * annotations for this one.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface CheckReturnValue {}

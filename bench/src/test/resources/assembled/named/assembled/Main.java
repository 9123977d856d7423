/* SPDX-License-Identifier: Apache-2.0 */
package assembled;

import com.google.inject.Guice;

/** Chooses plugins by name, and knows none of their classes. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Guice.createInjector(
                        Node.alice().transport("nio").closePolicy("timed-drain").build(),
                        Node.bob().transport("nio").closePolicy("graceful").build())
                .getInstance(Node.class)
                .run();
    }
}

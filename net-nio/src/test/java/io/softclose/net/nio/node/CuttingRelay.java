/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.testkit.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Stands between two ends of a connection and cuts what one of them says after so many bytes: the other end finds a FIN
 * there. What follows is read and dropped, so that whoever is cut off does not notice. For one connection.
 */
final class CuttingRelay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final InetSocketAddress to;
    private final Direction there;
    private final Direction back;
    private final Thread runner;

    /**
     * Listens at once.
     *
     * @param to where the accepting end is
     * @param cutThere after how many bytes of the dialling end
     * @param cutBack after how many bytes of the accepting end
     */
    CuttingRelay(InetSocketAddress to, long cutThere, long cutBack) throws IOException {
        this.to = to;
        there = new Direction(cutThere);
        back = new Direction(cutBack);
        server.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        runner = new Thread(this::run, "relay");
        runner.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** How many bytes of the dialling end have passed; once it is closed. */
    long passedThere() {
        return there.passed;
    }

    /** How many bytes of the accepting end have passed; once it is closed. */
    long passedBack() {
        return back.passed;
    }

    private void run() {
        try (Socket dialling = server.accept();
                Socket accepting = new Socket(to.getAddress(), to.getPort())) {
            Thread other = new Thread(() -> back.carry(accepting, dialling), "relay-back");
            other.start();
            there.carry(dialling, accepting);
            other.join();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until both ends have ended, and ends. */
    @Override
    public void close() throws IOException {
        try {
            runner.join(Waiting.SAFETY_NET.toMillis());
        } catch (InterruptedException interrupted) {
            throw Waiting.interrupted("the end of a relay");
        }
        server.close();
    }

    /** What one end says. */
    private static final class Direction {
        private final long cut;
        private long passed;
        private boolean ended;

        Direction(long cut) {
            this.cut = cut;
        }

        void carry(Socket from, Socket to) {
            byte[] buffer = new byte[16 * 1024];
            try {
                endIfDue(to);
                for (int read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    int passes = (int) Math.min(read, cut - passed);
                    to.getOutputStream().write(buffer, 0, passes);
                    passed += passes;
                    endIfDue(to);
                }
                end(to);
            } catch (IOException reset) {
                // One of them is gone; so is the other, when both sockets close.
                closeBoth(from, to);
            }
        }

        private void endIfDue(Socket to) throws IOException {
            if (passed == cut) {
                end(to);
            }
        }

        private void end(Socket to) throws IOException {
            if (!ended) {
                ended = true;
                to.shutdownOutput();
            }
        }

        private static void closeBoth(Socket from, Socket to) {
            try (from;
                    to) {
                // Closes them.
            } catch (IOException gone) {
                // As was wanted.
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

/** What seldom happens, and must have happened for a series of runs to have shown anything about it. */
public enum RareState {
    STALL_AVERTED("a stall averted: only an attempt to write found that the peer takes something"),
    ENDS_CROSSED("ends that crossed on the way"),
    LOST_BEHIND_CROSSED_ENDS("a clean close whose peer did not come to the end of it, behind ends that crossed"),
    END_HELD_BACK("an end that was held back until input was handled"),
    RESET_FOR_INPUT("a reset instead of a close, because of unread input"),
    DEADLINE_OVER_INPUT("a deadline while input was not handled"),
    LINGERED_QUIETLY("a linger over a quiet peer, which got the end"),
    LINGER_DISCARDED("a linger that discarded, and reset its peer in the end"),
    LINGERED_TO_THE_LAST("a linger until its time was over"),
    PEER_OF_PAUSED_ENDED("a paused connection whose peer ended"),
    PAUSED_BROKE("a paused connection that broke"),
    LATE_FOR_DEADLINE("a deadline that came while its loop was busy, or its host stopped"),
    EXPIRED_BY_TIMER("a message that expired by a timer, behind a peer that takes nothing"),
    WRITE_STALLED("an open connection that ended because its peer took nothing"),
    LOOP_DIED("a connection whose loop died"),
    MEMORY_SHORT("a connection that wrote although it had been refused a buffer"),
    PAYLOAD_UNREADABLE("a message whose payload could not be read"),
    STREAM_CUT("a streamed message of which a part had left"),
    UNCERTAIN("a message of which nobody knows whether it left"),
    REQUEST_TAKEN_BACK("a request that its peer never got, and whose caller knows it"),
    REQUEST_UNANSWERED("a request that left, and that nobody can answer any more"),
    REQUEST_TURNED_AWAY("a request that was not handled: too many, or no answer could go any more"),
    ANSWER_PAST_SEAL("an answer that was given while its connection closed"),
    ANSWER_IGNORED("an answer that nobody waited for any more"),
    HANDLERS_FULL("a connection that read no more because its handlers were full, and went on"),
    RESTED_FOR_PACE("a connection that read no more because its peer had sent faster than it may, and went on"),
    HANDLERS_MET_CLOSE("a clean close that met messages with handlers, and waited for them"),
    HANDLERS_OUTLIVED_DEADLINE("a handler that outlived the deadline of its connection"),
    HANDLED_PAST_LINK("a message that was handled after its link had failed"),
    HANDLERS_OUTLIVED_SHUTDOWN("a shutdown that was over before handlers had handled all"),
    EXECUTOR_REFUSED("an executor that refused a task, and whose messages were handled all the same"),
    INPUT_GIVEN_UP("a message that was given up because its rest did not come"),
    HELD_BACK("a connection that waited for urgent messages of another while their node shut down"),
    GIVEN_UP_EARLY("a connection that was given up before it was open at both ends"),
    CUT_OFF("an open connection whose peer was cut off, by an end that it never said");

    private final String what;

    RareState(String what) {
        this.what = what;
    }

    /** Whether runs can reach it whose links have a layer over them, or those whose links have none. */
    public boolean possible(boolean layered) {
        return switch (this) {
            case CUT_OFF -> layered;
            // A layer resets by itself.
            case RESET_FOR_INPUT -> !layered;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return what;
    }
}

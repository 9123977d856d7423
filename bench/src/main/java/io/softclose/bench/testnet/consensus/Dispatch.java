/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

/**
 * One message to one validator.
 *
 * @param to the receiver's index
 * @param round that it is about; 0 for batches and mempool's
 * @param number of a vote, among its sender's votes: the same to all to whom it goes, and to no other vote. 0 for what is no vote
 */
public record Dispatch(int to, MessageKind kind, long round, long number) {}

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Forwards Ethernet frames between two interfaces with delay, loss and a bounded rate.

Stands in for "tc netem" where the kernel lacks it. The interfaces must have no offloads: a frame is forwarded as it is,
so it must be no longer than the MTU, and its checksums must be in it. Prints "ready", and ends with its standard input.
"""

import argparse
import collections
import errno
import random
import select
import socket
import sys
import time

EVERY_PROTOCOL = 0x0003  # ETH_P_ALL
LONGEST_FRAME = 65536
RECEIVE_BUFFER = 4 << 20
FRAMES_AT_A_TIME = 64

# What a link that is down, or has no room, answers. The frame is lost, as on any link.
LOST = (errno.ENETDOWN, errno.ENXIO, errno.ENOBUFS, errno.EAGAIN)


class Interface:
    """One end of the wire."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL))
        self.socket.bind((name, 0))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), RECEIVE_BUFFER)

    def fileno(self):
        return self.socket.fileno()

    def receive(self):
        """The next frame that came in, or None."""
        try:
            frame, source = self.socket.recvfrom(LONGEST_FRAME)
        except OSError as error:
            if error.errno in LOST:
                return None
            raise
        return b"" if source[2] == socket.PACKET_OUTGOING else frame

    def send(self, frame):
        try:
            self.socket.send(frame)
        except OSError as error:
            if error.errno not in LOST:
                raise


class Way:
    """One direction: a bounded queue, a link of bounded rate that may lose what it has sent, a constant delay."""

    def __init__(self, source, target, options, chance):
        self.source = source
        self.target = target
        self.options = options
        self.chance = chance
        self.free_at = 0.0
        self.on_the_way = collections.deque()

    def take(self, now):
        for _ in range(FRAMES_AT_A_TIME):
            frame = self.source.receive()
            if frame is None:
                return
            if frame and len(self.on_the_way) < self.options.limit:
                self.start(frame, now)

    def start(self, frame, now):
        self.free_at = max(now, self.free_at)
        if self.options.rate > 0:
            self.free_at += 8 * len(frame) / self.options.rate
        if self.chance.random() >= self.options.loss:
            self.on_the_way.append((self.free_at + self.options.delay, frame))

    def give(self, now):
        while self.on_the_way and self.on_the_way[0][0] <= now:
            self.target.send(self.on_the_way.popleft()[1])

    def next_due(self):
        return self.on_the_way[0][0] if self.on_the_way else None


def relay(options):
    left = Interface(options.left)
    right = Interface(options.right)
    ways = {
        left: Way(left, right, options, random.Random(2 * options.seed)),
        right: Way(right, left, options, random.Random(2 * options.seed + 1)),
    }
    print("ready", flush=True)
    while True:
        due = [way.next_due() for way in ways.values() if way.next_due() is not None]
        patience = max(0.0, min(due) - time.monotonic()) if due else None
        readable, _, _ = select.select([left, right, sys.stdin], [], [], patience)
        if sys.stdin in readable and not sys.stdin.buffer.read1(1):
            return
        now = time.monotonic()
        for interface, way in ways.items():
            if interface in readable:
                way.take(now)
            way.give(now)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("left", help="interface")
    parser.add_argument("right", help="interface")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds, each way")
    parser.add_argument("--loss", type=float, default=0.0, help="share of frames that are lost, 0 to 1, each way")
    parser.add_argument("--rate", type=float, default=0.0, help="bits a second, each way; 0 for no bound")
    parser.add_argument("--limit", type=int, default=1000, help="most frames on the way, each way; more are dropped")
    parser.add_argument("--seed", type=int, default=0, help="decides which frames are lost")
    relay(parser.parse_args())


if __name__ == "__main__":
    main()

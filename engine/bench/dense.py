"""Steps per second of dense networks, one thread, beside the peers; run as a process of its own.

``python -m engine.bench.dense [--peers] [--rounds N]`` prints one JSON object per network. The caller sets the
threads of BLAS and XLA in the environment, because libraries read them when they load.
"""

from __future__ import annotations

import json
import os
import statistics
import sys

from engine.bench.nets import NETS, Net


def measure(net: Net, peers: bool, rounds: int) -> dict[str, object]:
    """Microseconds per step of every contestant, in turn, ``rounds`` times; ratios are taken within a round."""
    from engine.bench.ours import contestant
    from engine.bench.peers import PEERS

    racing = [("Netloom", contestant(net), net.steps)]
    racing += [
        (peer.name, peer.make(net), max(4, int(net.steps * max(peer.share, 0.5 if net.widths[0] > 100 else 0))))
        for peer in PEERS
        if peers and peer.there
    ]
    times: dict[str, list[float]] = {name: [] for name, _, _ in racing}
    for number in range(rounds + 1):
        for name, run, steps in racing:
            seconds = run(steps)
            if number:  # the first round warms up
                times[name].append(seconds / steps * 1e6)
    ours = times["Netloom"]
    return {
        "net": net.name,
        "microseconds": {name: round(statistics.median(values), 3) for name, values in times.items()},
        "ratios": {
            name: round(statistics.median(t / o for t, o in zip(values, ours, strict=True)), 2)
            for name, values in times.items()
            if name != "Netloom"
        },
    }


def main(arguments: list[str]) -> None:
    if hasattr(os, "sched_setaffinity"):
        # one CPU, so that no contestant has helpers; the last one is the least busy with the system's own work
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else 7
    for net in NETS:
        sys.stdout.write(json.dumps(measure(net, "--peers" in arguments, rounds)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

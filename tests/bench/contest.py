"""p2pd against its rivals, on the same input and in turns: p2pd, rival, p2pd, rival."""

import contextlib
import subprocess
from dataclasses import dataclass, field

from backing import back
from meter import Run, measured
from torrents import total_size


@dataclass
class Result:
    """Of one contestant."""

    name: str
    runs: list[Run] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)  # of its time to that of p2pd just before
    note: str = ""


def one_round(contestant):
    contestant.prepare()
    try:
        task = contestant.task
        back(total_size(task.content) * len(contestant.copies()))
        run = measured(contestant)
        for copy in contestant.copies():
            same(contestant.task.content, copy)
    finally:
        contestant.clear()
    return run


def same(content, copy):
    compared = subprocess.run(["diff", "-rq", content, copy], capture_output=True, text=True)
    assert compared.returncode == 0, f"the copy differs: {compared.stdout[:200]}"


def contest(task, ours, rivals, rounds):
    """The results of p2pd, first, and of each rival. What a rival cannot do is told in its note."""
    results = [Result(ours.name)] + [Result(rival.name) for rival in rivals]
    for result, rival in zip(results[1:], rivals):
        if lacking := rival.missing():
            result.note = f"not installed: {', '.join(lacking)}"
    with contextlib.ExitStack() as stack:
        host = set_up(ours, task, stack)
        for result, rival in zip(results[1:], rivals):
            if not result.note:
                with contextlib.ExitStack() as for_rival:
                    against(host, results[0], rival, result, rounds, for_rival)
        while len(results[0].runs) < rounds:  # where nobody else was there
            results[0].runs.append(one_round(host))
    return results


def against(host, ours, rival, result, rounds, stack):
    try:
        guest = set_up(rival, host.task, stack)
        for _ in range(1 if rival.slow else rounds):
            ours.runs.append(one_round(host))
            result.runs.append(one_round(guest))
            result.ratios.append(result.runs[-1].seconds / ours.runs[-1].seconds)
    except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as failure:
        result.note = f"failed: {failure}".splitlines()[0]


def set_up(kind, task, stack):
    contestant = kind(task)
    stack.callback(contestant.close)
    contestant.set_up()
    return contestant

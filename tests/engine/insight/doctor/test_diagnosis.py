"""Each illness is recognised, and nothing else; its first cure helps; and nothing is found in what is well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from engine.data import Source
from engine.data.prepare import prepare
from engine.design.checks import check
from engine.insight.doctor.evidence import Curves, Evidence, gather
from engine.insight.doctor.examination import diagnose
from engine.insight.doctor.finding import Finding
from engine.insight.doctor.rules import RULES
from engine.insight.doctor.standing import stalled
from engine.insight.doctor.watched import watch
from engine.insight.trail import Trail
from engine.layers import Layer
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.engine.insight.doctor.networks import HEALTHY, SICK, Sick, example, layer, net

MOMENTS = (1, 3, 8, 15, 22, 35, 60, 90, 150, 400)  # epochs, at which one may look


@dataclass(frozen=True, eq=False)
class Seen:
    """A run to its end, and what was found."""

    run: Run
    evidence: Evidence
    findings: tuple[Finding, ...]

    def value(self, measure: str) -> float:
        if measure == "score":
            return self.evidence.score
        if measure == "recall":
            return min(self.evidence.recalls)
        rows = self.run.log.read()
        return float(rows["validation_loss" if measure == "validation" else measure][-1])


def looked(run: Run, trail: Trail) -> Seen:
    with threadpool_limits(1, user_api="blas"):
        evidence = gather(run.program, run.log, trail, run.finished.divergence if run.finished else None)
    return Seen(run, evidence, diagnose(evidence))


@cache
def untreated(name: str) -> Seen:
    run = begun(SICK[name])
    return looked(run, watch(run))


@cache
def treated(name: str) -> Seen:
    """After the first cure: on from where it was, or from the first weights where the cure says so."""
    row, before = SICK[name], untreated(name)
    cure = before.findings[0].cures[0]
    document = cure.apply(before.run.document)
    if cure.restart:
        data = row.data() if row.data else None
        run, trail = Run(document, data), Trail()
    else:
        run, trail = begun(row), Trail()
        watch(run, trail=trail)
        run.edit(document)
        run.go_on()
    return looked(run, watch(run, trail=trail))


def begun(row: Sick) -> Run:
    return Run(row.design(), row.data() if row.data else None)


@pytest.mark.parametrize("name", SICK)
def test_that_an_illness_is_recognised_and_none_of_the_others(name: str) -> None:
    row, seen = SICK[name], untreated(name)
    assert [finding.kind for finding in seen.findings] == [row.kind]
    assert row.before[0] <= seen.value(row.measure) <= row.before[1] or np.isnan(seen.value(row.measure))


@pytest.mark.parametrize("name", SICK)
def test_that_the_first_cure_helps_and_the_finding_is_gone(name: str) -> None:
    row, seen = SICK[name], treated(name)
    assert untreated(name).findings[0].cures[0].text == row.cure
    assert row.after[0] <= seen.value(row.measure) <= row.after[1]
    assert seen.findings == ()


def test_that_a_loss_worse_than_one_answer_for_all_is_an_illness_however_many_rows_are_right() -> None:
    evidence = untreated("mini-batches at rate 30").evidence
    right = replace(evidence, score=1.0)
    assert right.lacks <= 0
    assert [finding.kind for finding in diagnose(right)] == ["rate_high"]


@pytest.mark.parametrize("stem", HEALTHY)
def test_that_nothing_is_found_in_a_network_that_is_well_whenever_one_looks(stem: str) -> None:
    run, trail = Run(example(stem)), Trail()
    for epoch in MOMENTS:
        watch(run, epoch, trail)
        assert looked(run, trail).findings == (), f"at epoch {run.epoch}"
    assert run.finished is not None


def test_that_every_illness_of_the_table_is_recognised_somewhere() -> None:
    assert {row.kind for row in SICK.values()} == {rule.kind for rule in RULES}
    assert len(SICK) >= 14
    assert len(HEALTHY) >= 10


def test_that_causes_stand_before_their_consequences() -> None:
    order = [rule.kind for rule in RULES]
    assert len(set(order)) == len(order)
    for rule in RULES:
        assert all(order.index(kind) > order.index(rule.kind) for kind in rule.explains)


@pytest.mark.parametrize("name", SICK)
def test_that_a_finding_says_what_was_seen_why_and_what_helps(name: str) -> None:
    (finding,) = untreated(name).findings
    document = untreated(name).run.document
    assert any(letter.isdigit() for sentence in finding.evidence for letter in sentence)
    assert finding.cause.endswith(".")
    assert finding.cause.count(". ") == 0, "one sentence"
    assert set(finding.layers) <= set(document.by_id)
    for cure in finding.cures:
        cured = cure.apply(document)
        assert cured != document
        assert not check(cured, untreated(name).run.prepared).errors
        assert len(cure.label) < 90


def test_that_a_cure_passes_over_a_layer_that_is_no_longer_there() -> None:
    for name, number in product(SICK, range(3)):
        finding = untreated(name).findings[0]
        if number < len(finding.cures):
            document = SICK[name].design()
            less = document.remove([node.id for node in document.nodes if node.layer.kind != "input"][:1])
            finding.cures[number].apply(less)


def test_that_divergence_is_told_with_step_layer_and_weight() -> None:
    seen = untreated("a sine at rate 3")
    divergence = seen.evidence.divergence
    assert divergence is not None
    assert (divergence.step, divergence.node, divergence.kept) == (4, "dense_1", "the start")
    weights = Run(SICK["a sine at rate 3"].design()).program.parameters()
    assert divergence.first == pytest.approx(np.abs(weights["dense_1/weight"]).max())
    assert divergence.largest > 1e6 * divergence.first
    assert any("step 4" in sentence for sentence in seen.findings[0].evidence)


def test_that_a_design_that_was_just_changed_has_no_curve_that_could_stand_still() -> None:
    seen = untreated("the same slow slope, again and again").evidence
    nothing = Curves(*(np.empty(0),) * 3)
    assert stalled(seen)
    assert not stalled(replace(seen, curves=nothing))


@pytest.mark.parametrize("name", ["six ReLU layers, each a little too loud", "a sine at rate 3"])
def test_that_a_divergence_that_nobody_watched_is_told_like_one_that_was_watched(name: str) -> None:
    run = begun(SICK[name])
    run.advance(1000)
    (finding,) = looked(run, Trail()).findings
    assert finding.kind == SICK[name].kind
    assert finding.cures[0].text == SICK[name].cure


def test_that_a_blank_at_most_time_steps_is_no_rare_class() -> None:
    answer: Layer = Layer.parse({"type": "simple_rnn", "units": 8, "answer": "sequence"})
    prepared = prepare(Source.parse("copy"), DataSplit())
    run = Run(net(Layer.parse({"type": "embedding", "features": 4}), answer, layer(prepared.answer_shape[-1]),
                  data="copy", epochs=25), prepared)  # fmt: skip
    assert looked(run, watch(run)).findings == ()


def test_that_what_was_before_an_edit_is_no_evidence() -> None:
    run = begun(SICK["noise learnt by heart"])
    trail = watch(run)
    assert [finding.kind for finding in looked(run, trail).findings] == ["overfitting"]
    document = run.document
    run.edit(document.but(training=document.training.but(l2=0.001)))
    after = gather(run.program, run.log, trail)
    assert (after.epochs, len(after.curves.loss)) == (0, 0)
    assert diagnose(after) == ()
    run.edit(document)
    assert diagnose(gather(run.program, run.log, trail)) == ()


def test_that_a_network_that_forgets_its_own_rows_does_not_learn_by_heart() -> None:
    seen = untreated("noise learnt by heart").evidence
    curves = seen.curves
    best = int(np.nanargmin(curves.validation))
    worse = np.where(np.arange(len(curves.loss)) > best, 1.5 * curves.loss[best], curves.loss)
    risen = np.where(np.arange(len(curves.loss)) > best, 9.0, curves.validation)
    forgets = replace(seen, curves=Curves(curves.epochs, worse, risen))
    assert "overfitting" not in [finding.kind for finding in diagnose(forgets)]
    learns = replace(seen, curves=Curves(curves.epochs, np.minimum(worse, curves.loss[best]), risen))
    assert "overfitting" in [finding.kind for finding in diagnose(learns)]


def test_that_the_noise_of_batches_is_no_illness_of_what_is_learnt_well() -> None:
    hidden = [layer(16, "relu"), Layer.parse("batch_norm"), layer(16, "relu")]
    run = Run(net(*hidden, layer(1), data="circle", epochs=150, optimizer="minibatch", learning_rate=0.1))
    seen = looked(run, watch(run))
    assert seen.evidence.score > 0.98
    assert not seen.findings

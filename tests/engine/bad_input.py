"""Files and calls that are wrong in every way that one can think of, and what is to be said of each."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.design.document import Document
from engine.exchange.archive import LARGEST_PACKED, MANIFEST
from engine.exchange.design_json import dumps
from engine.exchange.project import Project, save_project
from engine.layers import Layer
from engine.training.run import Run
from tests.builders import chain, dense

NUMBERS = "a,b,y\n" + "".join(f"{n},{n * n % 7},{2 * n + 1.5}\n" for n in range(40))


def small(**training: Any) -> Document:
    document = chain(dense(4, "tanh"), dense(1), data="spiral")
    return document.but(training=document.training.but(**{"epochs": 3, "learning_rate": 0.01, **training}))


def text_of(document: Document) -> str:
    return dumps(document)


def changed(change: Callable[[dict[str, Any]], Any], document: Document | None = None) -> str:
    """A design's text with something done to its parsed JSON."""
    raw = json.loads(text_of(document or small()))
    change(raw)
    return json.dumps(raw)


def joined(*wires: tuple[str, str, int]) -> str:
    def change(raw: dict[str, Any]) -> None:
        raw["wires"] = [{"source": a, "target": b, "port": port} for a, b, port in wires]

    document = small().add(Layer.parse("add"))
    return changed(change, document)


def project_bytes(folder: Path) -> bytes:
    run = Run(small())
    run.advance(7)
    path = folder / "whole.netloom"
    save_project(path, Project(run.document, run.snapshot(), run.log.read()))
    content = path.read_bytes()
    path.unlink()
    return content


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def forged(parts: dict[str, bytes]) -> bytes:
    """A project whose manifest fits what was changed: a forger can count, too."""
    manifest = json.loads(parts[MANIFEST])
    manifest["entries"] = {
        name: {"bytes": len(part), "sha256": hashlib.sha256(part).hexdigest()}
        for name, part in parts.items()
        if name != MANIFEST
    }
    return zipped(parts | {MANIFEST: json.dumps(manifest).encode()})


def with_counters(content: bytes, **changes: Any) -> bytes:
    parts = parts_of(content)
    parts["state.json"] = json.dumps(json.loads(parts["state.json"]) | changes).encode()
    return forged(parts)


def tensors(**arrays: tuple[str, list[int], bytes]) -> bytes:
    """A safetensors file of (type, shape, bytes) with whatever it may claim."""
    header, data = {}, b""
    for name, (kind, shape, content) in arrays.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def arrays(**values: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **values)
    return file.getvalue()


@dataclass(frozen=True)
class Case:
    """Arguments with {names} of files, what the files hold, and words that the one line must contain."""

    name: str
    arguments: str
    words: tuple[str, ...]
    files: dict[str, str | bytes | Callable[[bytes], bytes]]
    code: int = 2


def case(name: str, arguments: str, *words: str, code: int = 2, **files: Any) -> Case:
    return Case(name, arguments, words, {key.replace("_", ".", 1): value for key, value in files.items()}, code)


def design_case(name: str, text: str | bytes, *words: str) -> Case:
    return case(name, "train bad.json", *words, bad_json=text)


def table_case(name: str, text: str | bytes, *words: str, options: str = "") -> Case:
    return case(name, f"train ok.json --data t.csv {options}", *words, t_csv=text)


def project_case(name: str, make: Callable[[bytes], bytes], *words: str, verb: str = "train", more: str = "") -> Case:
    return case(name, f"{verb} p.netloom {more}", *words, p_netloom=make)


def put(where: str, field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        at: Any = raw
        for step in where.split("."):
            at = at[int(step) if step.isdigit() else step] if step else at
        at[field] = value

    return change


CASES = [
    # designs
    design_case("cycle", joined(("input_1", "add_1", 0), ("dense_1", "add_1", 1), ("add_1", "dense_1", 0),
                                ("dense_1", "dense_2", 0)), "circle", "dense_1"),
    design_case("self loop", joined(("input_1", "dense_2", 0), ("dense_1", "dense_1", 0)), "circle"),
    design_case("missing wire", changed(lambda raw: raw["wires"].pop(0)), "dense_1", "wire"),
    design_case("no wires", changed(lambda raw: raw.update(wires=[])), "dense_1"),
    design_case("two ends", changed(put("wires.1", "source", "input_1")), "dense_1", "one answer"),
    design_case("wrong shape", joined(("input_1", "dense_1", 0), ("input_1", "add_1", 0), ("dense_1", "add_1", 1),
                                      ("add_1", "dense_2", 0)), "add_1", "4"),
    design_case("input of another shape", changed(put("nodes.0.layer", "shape", [3])), "input_1", "3"),
    design_case("unknown field of a layer", changed(put("nodes.1.layer", "unit", 3)), "dense_1", "unit"),
    design_case("unknown field of training", changed(put("training", "learning_rat", 3)), "learning_rat"),
    design_case("unknown field on top", changed(put("", "extra", 3)), "extra"),
    design_case("unknown layer", changed(put("nodes.1.layer", "type", "hologram")), "hologram"),
    design_case("unknown activation", changed(put("nodes.1.layer", "activation", "rely")), "activation", "relu"),
    design_case("unknown data", changed(put("data", "type", "spirale")), "spiral"),
    design_case("value out of bounds", changed(put("nodes.1.layer", "units", 0)), "dense_1", "units"),
    design_case("negative learning rate", changed(put("training", "learning_rate", -1)), "learning_rate"),
    design_case("no number", text_of(small()).replace('"units": 4', '"units": NaN'), "NaN"),
    design_case("number too large", text_of(small()).replace('"units": 4', '"units": 1e999'), "1e999"),
    design_case("whole number without end", text_of(small()).replace('"units": 4', '"units": ' + "9" * 5000), "digits"),
    design_case("wire to nowhere", joined(("input_1", "dense_7", 0)), "dense_7"),
    design_case("two nodes of one name", changed(put("nodes.1", "id", "input_1")), "input_1"),
    design_case("broken JSON", text_of(small())[:-30], "line"),
    design_case("empty file", "", "bad.json"),
    design_case("no text", bytes(range(256)), "bad.json"),
    design_case("another JSON", "[1, 2]", "bad.json"),
    design_case("nested without end", "[" * 100_000, "bad.json"),
    design_case("newer format", changed(put("", "netloom", 99)), "newer"),
    design_case("empty canvas", changed(lambda raw: raw.update(nodes=[], wires=[])), "empty"),
    design_case("nothing learns", text_of(chain("flatten", data="spiral")), "learn"),
    design_case("too few units", changed(put("data", "type", "iris"), small().but(data="iris")), "dense_2", "3"),
    design_case("unknown field of a loss", changed(put("training", "loss", {"type": "mse", "x": 1})), "loss"),
    case("a folder as a design", "train folder.json", "folder.json", folder_json=b"<folder>"),
    case("no such file", "train nothing.json", "nothing.json"),
    # what is too large
    design_case("layers too large", text_of(chain(dense(10**6), dense(10**6), dense(1))), "dense_2", "TB", "free"),
    design_case("units beyond all bounds", changed(put("nodes.1.layer", "units", 10**12)), "units"),
    case("a batch too large", "train ok.json --set training.batch_size=10**9", "batch_size"),
    case("more samples than there are", "train ok.json --set data.samples=1000000000", "samples"),
    # tables
    table_case("empty table", "", "t.csv", "empty"),
    table_case("only names", "a,b,y\n", "t.csv", "no rows"),
    table_case("one row", "a,y\n1,2\n", "one row"),
    table_case("one column", "a\n1\n2\n3\n", "one column"),
    table_case("one class", "a,y\n" + "1,p\n2,p\n" * 9, "one class", "y"),
    table_case("target that is not there", NUMBERS, "price", options="--target price"),
    table_case("text between numbers", NUMBERS.replace("20,", "many,", 1), "row", "column 'a'", "many"),
    table_case("text in the target", NUMBERS.replace("41.5", "forty", 1), "row 21", "column 'y'", "forty"),
    table_case("infinite input", NUMBERS.replace("20,1", "20,inf", 1), "row", "inf"),
    table_case("infinite target", NUMBERS.replace("41.5", "-inf", 1), "row", "inf"),
    table_case("beyond float64", NUMBERS.replace("41.5", "1e400", 1), "row", "inf"),
    table_case("beyond float32", NUMBERS.replace("20,1,", "20,1e300,", 1), "large",
               options="--set split.scaling=none"),
    table_case("nothing but gaps", "a,y\n" + "NA,1\n" * 9, "a"),
    table_case("no table", bytes(range(256)) * 9, "t.csv"),
    table_case("ragged rows", NUMBERS + "1,2,3,4,5\n" * 3, "t.csv", "line 42"),
    table_case("classes asked of numbers", NUMBERS, "classes", options="--task binary"),
    table_case("two targets with classes", NUMBERS, "target", options="--task binary --target a,b"),
    case("a target of a built-in set", "train ok.json --target y", "spiral"),
    case("a folder as data", "train ok.json --data folder.csv", "folder.csv", folder_csv=b"<folder>"),
    case("data that is not there", "train ok.json --data none.csv", "none.csv"),
    # arrays
    case("NaN in arrays", "train ok.json --data x.npz", "x.npz",
         x_npz=arrays(x=np.where(np.arange(40)[:, None] == 7, np.nan, 1.0), y=np.arange(40.0))),
    case("inf in targets", "train ok.json --data x.npz", "x.npz",
         x_npz=arrays(x=np.ones((40, 2)), y=np.where(np.arange(40) == 7, np.inf, 1.5))),
    case("arrays of unequal length", "train ok.json --data x.npz", "x.npz",
         x_npz=arrays(x=np.ones((40, 2)), y=np.arange(39.0))),
    case("pickled objects", "train ok.json --data x.npz", "x.npz",
         x_npz=arrays(x=np.array([{}, []], dtype=object), y=np.arange(2.0))),
    case("no array of that name", "train ok.json --data x.npz", "x.npz", x_npz=arrays(a=np.ones(3), b=np.ones(3))),
    case("empty arrays", "train ok.json --data x.npz", "x.npz", x_npz=arrays(x=np.ones((0, 2)), y=np.ones(0))),
    case("arrays cut off", "train ok.json --data x.npz", "x.npz",
         x_npz=arrays(x=np.ones((40, 2)), y=np.ones(40))[:300]),
    # projects
    *(
        project_case(f"project cut off, {verb}", lambda content: content[: len(content) // 2], "p.netloom", verb=verb,
                     more=more)
        for verb, more in (("train", "--resume"), ("evaluate", ""), ("predict", "--data ok.csv -o out.csv"),
                           ("check", ""))
    ),
    project_case("empty project", lambda content: b"", "p.netloom"),
    project_case("no zip", lambda content: b"PK nothing" * 99, "p.netloom"),
    project_case("one byte changed", lambda content: content[:700] + bytes([content[700] ^ 4]) + content[701:],
                 "p.netloom"),
    project_case("another zip", lambda content: zipped({"readme.txt": b"hello"}), "no Netloom project"),
    project_case("zip bomb", lambda content: zipped({**parts_of(content), "zeros": bytes(LARGEST_PACKED + 1)},
                                                    zipfile.ZIP_DEFLATED), "bomb"),
    project_case("climbing path", lambda content: zipped({**parts_of(content), "../../evil.txt": b"x"}), "evil.txt"),
    project_case("absolute path", lambda content: zipped({**parts_of(content), "/evil.txt": b"x"}), "evil.txt"),
    project_case("part left out", lambda content: zipped({name: part for name, part in parts_of(content).items()
                                                          if name != "design.json"}), "design.json"),
    project_case("newer project", lambda content: zipped({**parts_of(content), MANIFEST: parts_of(content)[
        MANIFEST].replace(b'"netloom_project": 1', b'"netloom_project": 2')}), "newer"),
    project_case("forged place", lambda content: with_counters(content, position=-1), "position", more="--resume"),
    project_case("forged step", lambda content: with_counters(content, step=1e300), "step", more="--resume"),
    project_case("forged epoch", lambda content: with_counters(content, epoch="many"), "epoch", verb="evaluate"),
    project_case("forged limit", lambda content: with_counters(content, limit=[1]), "state.json", more="--resume"),
    project_case("forged seconds", lambda content: with_counters(content, seconds="x"), "seconds", more="--resume"),
    project_case("weights of another network", lambda content: forged(parts_of(content) | {
        "state.safetensors": tensors(**{"parameters/dense_1/weight": ("F32", [1, 1], bytes(4))})}), "weights",
        verb="evaluate"),
    project_case("tensors that lie", lambda content: forged(parts_of(content) | {
        "state.safetensors": tensors(w=("F32", [10**9, 10**9], bytes(4)))}), "state.safetensors", more="--resume"),
    project_case("nothing learnt", lambda content: forged({name: part for name, part in parts_of(content).items()
                                                           if not name.startswith("state")}), "--resume",
                 more="--resume"),
    case("a design for a project", "predict ok.json --data ok.csv -o out.csv", "nothing is learnt"),
    case("other columns to predict", "predict p.netloom --data ok.csv -o out.csv", "x1", p_netloom=lambda whole: whole),
    # what is asked for
    case("output of another kind", "train ok.json -o out.zip", ".netloom"),
    case("output nowhere", "train ok.json -o none/out.netloom", "none"),
    case("output is a folder", "train ok.json --epochs 1 -o folder.netloom", "folder.netloom",
         folder_netloom=b"<folder>"),
    case("no such place", "train ok.json --set training.learning_rte=1", "learning_rate"),
    case("no place at all", "train ok.json --set 5", "--set 5"),
    case("no such seed", f"train ok.json --seed {2**31}", "seed"),
    case("no epochs", "train ok.json --epochs 0", "--epochs"),
    case("no such verb's option", "check ok.json --gradient", "--gradients"),
    # divergence is a code of its own
    case("learning rate of a million", "train ok.json --data x_sin_x --set training.learning_rate=1e6 "
         "--set training.optimizer=sgd --set dense_1.activation=relu --epochs 200",
         "diverged", "learning rate", "1e6", code=3),
    case("learning rate of a million, Adam", "train wide.json --data x_sin_x --set training.learning_rate=1e6",
         "diverged", "1e6", code=3, wide_json=text_of(chain(*(dense(32, "relu"),) * 8, dense(1)))),
]  # fmt: skip

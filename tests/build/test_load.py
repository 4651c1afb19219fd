"""Artefacts that are damaged or foreign are refused, by code; manifests survive the way to text and back."""

from __future__ import annotations

import json

import pytest

from stratc.runtime.artefact.load import ArtefactRefused, Refusal, inspect, load
from stratc.runtime.artefact.manifest import (
    MANIFEST,
    InputRange,
    ManifestError,
    PackDigest,
    read_manifest,
    write_manifest,
)
from tests.build.folders import manifest, write_folder

pytestmark = pytest.mark.fast


def test_manifest_round_trip():
    full = manifest(
        packs=(PackDigest(name="us_finra_day_trading", sha256="ab"),),
        guards=("intraday_margin",),
        bounds=("gross exposure is at most 2.0 x equity",),
        inputs=(InputRange(name="risk", default=0.01, low=None, high=0.02, whole=False),),
    )
    assert read_manifest(write_manifest(full)) == full


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.pop("title"), "lacks title"),
        (lambda t: t.update(extra=1), "unknown keys: extra"),
        (lambda t: t.update(format_version=99), "format is 99"),
        (lambda t: t.update(warmup_bars="3"), "warmup_bars is no whole number"),
        (lambda t: t.update(backtest_only=0), "backtest_only"),
        (lambda t: t.update(bounds=[1]), "no text"),
        (lambda t: t.update(files=[{"path": "x"}]), "lacks sha256"),
        (lambda t: t["needs"].pop("columns"), "needs lacks columns"),
    ],
)
def test_what_is_no_manifest_is_refused(change, said):
    tree = json.loads(write_manifest(manifest()))
    change(tree)
    with pytest.raises(ManifestError, match=said):
        read_manifest(json.dumps(tree))


def refused(folder):
    with pytest.raises(ArtefactRefused) as caught:
        load(folder)
    return caught.value.code


def test_an_empty_folder_is_no_artefact(tmp_path):
    assert refused(tmp_path) is Refusal.MISSING


def test_damage_is_found(tmp_path):
    write_folder(tmp_path)
    inspect(tmp_path)
    (tmp_path / "strategy.pyx").write_bytes(b"c0de")
    assert refused(tmp_path) is Refusal.DAMAGED


def test_a_broken_manifest_is_damage(tmp_path):
    write_folder(tmp_path)
    (tmp_path / MANIFEST).write_bytes(b"\xff\xfe")
    assert refused(tmp_path) is Refusal.DAMAGED


def test_another_abi_is_refused(tmp_path):
    write_folder(tmp_path, tools={"abi": "cpython-399-x86_64-linux-gnu"})
    assert refused(tmp_path) is Refusal.FOREIGN_ABI


def test_another_platform_is_refused(tmp_path):
    write_folder(tmp_path, tools={"platform": "linux-pdp11"})
    assert refused(tmp_path) is Refusal.FOREIGN_PLATFORM


def test_an_artefact_without_code_is_refused(tmp_path):
    write_folder(tmp_path)
    assert refused(tmp_path) is Refusal.MISSING

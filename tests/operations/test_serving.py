"""A trained assistant is served without writing beside its model: a service may not be allowed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import serving


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    monkeypatch.setattr(serving, "MODELS", folder)
    monkeypatch.setattr(serving, "STAMP", folder / "trained-from.txt")
    return folder


def test_a_fresh_model_is_taken_as_it_is(models: Path) -> None:
    models.mkdir()
    model = models / "20261101-trained.tar.gz"
    model.touch()
    serving.STAMP.write_text(serving.fingerprint())
    before = sorted(models.iterdir())
    assert serving.train() == model
    assert sorted(models.iterdir()) == before


def test_a_model_made_from_other_files_is_stale(models: Path) -> None:
    models.mkdir()
    (models / "20261101-trained.tar.gz").touch()
    serving.STAMP.write_text("made from others")
    assert serving.is_stale()

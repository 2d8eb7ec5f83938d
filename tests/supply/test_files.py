"""Reject files are plain files, and no cell of them is a formula."""

import os

import pytest

from app.signs import harmless
from app.supply.files import FileError, Rejects

COLUMNS = ("name",)
LINE = [("x", 2, "wrong")]
CONTENT = "name,line,reason\nx,2,wrong\n"


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_no_cell_begins_like_a_formula(sign):
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("value", ["", "x=1", "서울", " 5"])
def test_other_cells_stay_as_they_are(value):
    assert harmless(value) == value


@pytest.mark.parametrize("size", [0, 3])
def test_a_reject_file_that_is_a_link_is_refused_and_its_target_untouched(tmp_path, size):
    target, path = tmp_path / "other", tmp_path / "x.rejects.csv"
    target.write_text("precious")
    path.symlink_to(target)

    with pytest.raises(FileError, match="plain file"):
        Rejects(path, COLUMNS, size)

    assert target.read_text() == "precious"
    assert path.is_symlink()


def test_a_link_that_appears_during_the_import_is_refused(tmp_path):
    target, path = tmp_path / "other", tmp_path / "x.rejects.csv"
    rejects = Rejects(path, COLUMNS, 0)
    path.symlink_to(target)

    with pytest.raises(FileError, match="plain file"):
        rejects.add(LINE)

    assert not target.exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_neither_a_pipe_nor_a_folder_is_a_reject_file(tmp_path, make):
    path = tmp_path / "x.rejects.csv"
    make(path)

    with pytest.raises(FileError, match="plain file"):
        Rejects(path, COLUMNS, 0)


def test_a_pipe_that_somebody_reads_is_none_either(tmp_path):
    path = tmp_path / "x.rejects.csv"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    with pytest.raises(FileError, match="plain file"):
        Rejects(path, COLUMNS, 0)

    os.close(reader)


def test_a_folder_in_the_place_of_the_older_rejects_is_told(tmp_path):
    path = tmp_path / "x.rejects.csv"
    path.write_text("old")
    (tmp_path / "x.rejects.csv.old").mkdir()

    with pytest.raises(FileError, match="cannot be renamed"):
        Rejects(path, COLUMNS, 0)


def test_older_rejects_are_set_aside_and_torn_ones_cut(tmp_path):
    path = tmp_path / "x.rejects.csv"
    path.write_text("old")
    size = Rejects(path, COLUMNS, 0).add(LINE)
    with path.open("a") as file:
        file.write("a torn li")

    Rejects(path, COLUMNS, size)

    assert path.read_text() == CONTENT
    assert (tmp_path / "x.rejects.csv.old").read_text() == "old"

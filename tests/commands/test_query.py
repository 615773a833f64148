"""``scrapy query``: tables, filters and SQL; errors that say what there is."""

import argparse
import json
from pathlib import Path

import pytest
from scrapy.settings import Settings

from flopcrawl.commands.base import CommandError
from flopcrawl.commands.query import Command
from flopcrawl.derive import derive_all
from flopcrawl.vocabulary import Field
from tests.building import claim, store


@pytest.fixture
def command(tmp_path: Path) -> Command:
    path = tmp_path / "x.db"
    store(
        path,
        [
            claim("Llama 3.1 405B", Field.PARAMETERS_TOTAL, 405e9),
            claim("Llama 3.1 405B", Field.TOKENS_TRAINED, 15e12),
            claim("Small 1B", Field.PARAMETERS_TOTAL, 1e9),
            claim("Small 1B", Field.TOKENS_TRAINED, 1e12),
        ],
    )
    derive_all(path, tmp_path / "overrides", run_id="r")
    made = Command()
    made.settings = Settings({"FLOPCRAWL_DB": str(path)})
    return made


def ask(command: Command, *args: str, **options: object) -> int:
    opts = argparse.Namespace(
        **{"format": "json", "columns": None, "sort": None, "desc": False, "limit": None, **options}
    )
    return command.execute(list(args), opts)


def names(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [row["name"] for row in json.loads(capsys.readouterr().out)]


def test_without_an_argument_it_prints_the_list(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(command) == 0
    assert names(capsys) == ["Llama 3.1-405B"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["training_flop<1e23"], ["Small 1B"]),
        (["name~SMALL"], ["Small 1B"]),
        (["listed=1"], ["Llama 3.1-405B"]),
        (["listed!=1"], ["Small 1B"]),
        (["training_flop>=1e21", "organization=Nobody"], []),
    ],
)
def test_filters_narrow_a_table(
    command: Command, capsys: pytest.CaptureFixture[str], filters: list[str], found: list[str]
) -> None:
    ask(command, "models", *filters)
    assert names(capsys) == found


def test_sorting_and_limiting(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    ask(command, "models", sort="training_flop", limit=1)
    assert names(capsys) == ["Small 1B"]
    ask(command, "models", sort="training_flop", desc=True, limit=1)
    assert names(capsys) == ["Llama 3.1-405B"]


def test_csv_has_a_header_and_the_columns_that_were_asked_for(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(command, "models", format="csv", columns="name,listed", sort="name")
    assert capsys.readouterr().out == "name,listed\nLlama 3.1-405B,1\nSmall 1B,0\n"


def test_a_statement_of_ones_own(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    ask(command, "select count(*) as name from models")
    assert names(capsys) == [2]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nosuch"], "there are"),
        (["models", "nosuch=1"], "has no column"),
        (["models", "what"], "is no filter"),
        (["select nothing from nowhere"], "cannot be run"),
        (["with x as (select 1) delete from models"], "cannot be run"),
    ],
)
def test_errors_say_what_is_wrong(command: Command, args: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        ask(command, *args)


def test_a_value_is_never_taken_for_sql(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    ask(command, "models", "name=x' OR '1'='1")
    assert names(capsys) == []


def test_without_a_database_it_says_how_to_make_one(tmp_path: Path) -> None:
    command = Command()
    command.settings = Settings({"FLOPCRAWL_DB": str(tmp_path / "none.db")})
    with pytest.raises(CommandError, match="scrapy refresh"):
        ask(command)

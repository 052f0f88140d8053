"""Does a draft from an article rest on that article alone, with nothing unsourced?"""

from __future__ import annotations

import pytest

from contingent.errors import InputError
from contingent.scenario.model import sourcing
from contingent.scenario.read import read
from contingent.scenario.start import start

ARTICLE = """Jakarta weighs a role

Foreign Minister Sugiono said on Thursday that his country could send 8,000 soldiers if the \
Security Council adopts a resolution.
"Without a mandate we will not go," he told reporters. \
Officials close to the talks said the public would not accept casualties.
"""


def test_every_number_of_a_draft_has_a_claim_of_the_article_or_an_assumption(tmp_path):
    article = tmp_path / "news.txt"
    article.write_text(ARTICLE, "utf-8")
    start(tmp_path / "my draft", article=article)
    scenario = read(tmp_path / "my draft")
    found = sourcing(scenario)
    assert not found.unsourced
    assert found.claimed
    assert found.assumed
    drafted = {name: claim for name, claim in scenario.claims.items() if claim.document == "drafted_article"}
    assert drafted
    for claim in drafted.values():
        assert any(claim.quote in ARTICLE[a:b] for a, b in claim.spans)
    assert scenario.name == "my_draft"
    assert not any(name.startswith("C") and name[1:3].isdigit() for name in scenario.claims)


def test_an_article_that_cannot_be_read_leaves_nothing_behind(tmp_path):
    (tmp_path / "empty.txt").write_text("", "utf-8")
    with pytest.raises(InputError, match="empty"):
        start(tmp_path / "draft", article=tmp_path / "empty.txt")
    assert not (tmp_path / "draft").exists()

"""The evidence of a draft: articles propose claims, and what is done with a claim reaches the numbers on it."""

import base64
import json

import pytest

from contingent.scenario.read import read

ARTICLE = """Finland ready to send monitors to Aceh

Helsinki, 20 July 2005

President of the Republic Tarja Halonen said on Wednesday: "We will take part." The
\U0001f54a of peace <script>alert(1)</script> came.

The Ministry of the Interior said that it will not send police officers. It has 20 officers ready.
"""
PRESIDENT = "stakeholders.president.stakes.participation.position"
INTERIOR = "stakeholders.interior_ministry.stakes.participation.position"

MOVED = {PRESIDENT, INTERIOR, "stakeholders.government.stakes.participation.position"}  # the last by the headline


def sent(*files, **more):
    files = [{"name": name, "content": base64.b64encode(text).decode()} for name, text in files]
    return {"files": files, **more}


@pytest.fixture
def here(bench, draft):
    """The address of a draft's evidence, one article in it."""
    status, _, told = bench.post(f"/d/{draft}/articles", sent(("news.txt", ARTICLE.encode())))
    assert status == 200, told
    return f"/d/{draft}/evidence"


def number(bench, draft, path):
    return dict(bench.desk.drafts.sight(draft).scenario.estimates())[path]


def taken(bench, here):
    """The proposals that move something, taken in; their names."""
    told = bench.json(f"{here}.json")
    names = [row["name"] for row in told["claims"] if row["rules"]]
    status, _, said = bench.post(
        f"{here}/accept", {"article": told["article"]["article"], "take": dict.fromkeys(names, "on")}
    )
    assert status == 200, said
    return names


def test_an_article_proposes_claims_and_taking_them_in_moves_positions_in_one_step(bench, draft, here):
    told = bench.json(f"{here}.json")
    would = {row["path"]: row for row in told["would"]}
    assert {row["status"] for row in told["claims"]} == {"proposed"}
    assert would.keys() == MOVED
    before = number(bench, draft, INTERIOR)
    names = taken(bench, here)
    after = number(bench, draft, INTERIOR)
    assert would[INTERIOR] | {"before": str(before), "after": str(after)} == would[INTERIOR]
    assert after.best < before.best
    assert set(after.claims) & set(names)
    assert len(bench.desk.registry.entries(draft)) == 1
    assert {row["status"] for row in bench.json(f"{here}.json")["claims"] if row["name"] in names} == {"accepted"}
    sight = bench.desk.drafts.sight(draft)
    assert sight.base.with_(sight.changes) == sight.scenario, "what a preview is given is the draft"
    bench.desk.drafts.step(draft, "undo", "amna")
    assert bench.desk.drafts.sight(draft).scenario == read("amm_aceh")


def test_the_case_that_is_exported_has_claims_and_links_and_reads_back(bench, draft, here, tmp_path):
    import io
    import zipfile

    taken(bench, here)
    zipfile.ZipFile(io.BytesIO(bench.desk.drafts.export(draft))).extractall(tmp_path / "out")
    written = read(tmp_path / "out" / "amm_aceh", as_written=True)
    assert set(written.learned) == MOVED
    assert read(tmp_path / "out" / "amm_aceh") == bench.desk.drafts.sight(draft).scenario


def test_who_writes_a_number_ends_what_claims_did_to_it(bench, draft, here):
    taken(bench, here)
    bench.desk.drafts.change(draft, {INTERIOR: "61 (50 to 72)"}, "amna", "asked them")
    assert number(bench, draft, INTERIOR).best == 61
    assert number(bench, draft, PRESIDENT).claims


def test_a_change_of_polarity_moves_the_position_the_other_way(bench, draft, here):
    was, names = number(bench, draft, INTERIOR).best, taken(bench, here)
    name = next(each for each in names if each in number(bench, draft, INTERIOR).claims)
    assert bench.post(f"{here}/edit", {"name": name, "words": {"polarity": "1", "grade": "A1"}})[0] == 200
    assert number(bench, draft, INTERIOR).best > was
    assert bench.post(f"{here}/edit", {"name": name, "words": {"polarity": "0"}})[0] == 200
    assert number(bench, draft, INTERIOR).best == was
    assert bench.post(f"{here}/edit", {"name": name, "words": {"grade": "best"}})[0] == 422


def test_a_rejected_claim_leaves_nothing_dangling_and_comes_back(bench, draft):
    here, sight = f"/d/{draft}/evidence", bench.desk.drafts.sight(draft)
    alone = [path for path, each in sight.scenario.estimates() if each.claims == ("A_mission",)]
    assert alone
    status, _, told = bench.post(f"{here}/reject", {"name": "A_mission"})
    assert (status, "say why" in told["error"]["message"]) == (400, True)
    assert bench.post(f"{here}/reject", {"name": "A_mission", "why": "a misprint"})[0] == 200
    after = bench.desk.drafts.sight(draft).scenario
    assert "A_mission" not in json.dumps({**after.model_dump(mode="json"), "stakeholders": 0}).replace(
        "claim A_mission", ""
    )
    for path in alone:
        said = dict(after.estimates())[path]
        assert not said.claims
        assert "A_mission" in said.assumption
        assert said.assumption.endswith("a misprint")
        assert "rejected by amna" in said.assumption
        assert said.best == dict(sight.scenario.estimates())[path].best
    assert "by amna" in bench.get(here, accept="text/html")[2].decode()
    bench.desk.drafts.step(draft, "undo", "amna")
    assert bench.desk.drafts.sight(draft).scenario == sight.scenario


def test_a_claim_is_made_of_marked_words_and_split_in_two_that_count_once(bench, draft, here):
    article = bench.json(f"{here}.json")["article"]
    text, quote = article["text"], "It has 20 officers ready."
    start = text.index(quote)
    more = {
        "article": article["article"],
        "words": {"quote": quote, "polarity": "-1", "grade": "B2", "speaker": "Ministry"},
    }
    assert (
        bench.post(f"{here}/add", {**more, "start": str(start), "end": str(start + len(quote)), "moves": INTERIOR})[0]
        == 200
    )
    row = next(each for each in bench.json(f"{here}.json")["claims"] if each["status"] == "accepted")
    assert [text[a:b] for a, b in row["spans"]] == [quote], "characters are counted, also behind a sign of two halves"
    assert bench.post(f"{here}/add", {**more, "words": {"quote": "never said"}})[0] == 400
    once = number(bench, draft, INTERIOR)
    halves = {"words": {"quote": "It has 20"}, "second": "officers   ready"}
    assert bench.post(f"{here}/split", {"name": row["name"], **halves})[0] == 200
    twice = number(bench, draft, INTERIOR)
    assert (twice.best, twice.low, twice.high) == (once.best, once.low, once.high)
    quotes = {each["name"]: each["quote"] for each in bench.json(f"{here}.json")["claims"]}
    assert quotes[f"{row['name']}_2"] == "officers ready"


def test_claims_cited_by_an_option_are_rejected_there_too(bench, draft):
    """Paths that an option sets hold numbers that are not yet read."""
    sight = bench.desk.drafts.sight(draft)
    option = next(name for name in sight.scenario.options if name != sight.scenario.baseline)
    path = f"options.{option}.overrides"
    held = dict(sight.scenario.options[option].overrides)
    cited = {**held, "process.deadline": {"best": "50 (30 to 80)", "claims": ["A_mission"]}}
    bench.desk.drafts.change(draft, {path: cited}, "amna", "sooner")
    assert bench.post(f"/d/{draft}/evidence/reject", {"name": "A_mission", "why": "a misprint"})[0] == 200
    under = bench.desk.drafts.sight(draft).scenario.under(option)
    assert "A_mission" in under.process.deadline.assumption
    assert under.process.deadline.best == 50


def test_markup_in_an_article_and_in_a_claim_is_words(bench, draft, here):
    told = bench.json(f"{here}.json")
    words = {"quote": "<script>alert(1)</script>", "says": "<img src=x onerror=alert(1)>", "speaker": "<b>"}
    assert bench.post(f"{here}/add", {"article": told["article"]["article"], "words": words})[0] == 200
    for address in (here, f"{here}?article=none"):
        page = bench.get(address, accept="text/html")[2].decode()
        assert "alert(1)" in page
        assert not {"<script>alert", "<img", "<b>"} & {page[i : i + n] for n in (13, 4, 3) for i in range(len(page))}


def test_what_is_no_article_is_refused_in_one_line(bench, draft):
    import io
    import zipfile

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 300_000_000)
    for given, why in (
        (sent(text="https://example.org/news"), "nothing is fetched"),
        (sent(url="https://example.org/news"), "nothing is fetched"),
        (sent(("photo.png", b"\x89PNG\r\n\x1a\n\0\0")), "photo.png: is a binary file"),
        (sent(("bomb.docx", bomb.getvalue())), "bomb.docx"),
        (sent(text="The minister said that troops will go."), "no day of publication"),
        (sent(("a.txt", b"")), "is empty"),
    ):
        status, _, told = bench.post(f"/d/{draft}/articles", given)
        assert (status, why in told["error"]["message"]) == (400, True), told
    assert bench.json(f"/d/{draft}/evidence.json")["articles"] == []


def test_a_form_uploads_without_a_script(bench, draft):
    edge = "xyzzy"
    parts = {"token": bench.token, "back": f"/d/{draft}/evidence", "published": "", "text": ""}
    body = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items())
    body += (f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="../../n\u00e4ws.txt"\r\n'
             f"Content-Type: text/plain\r\n\r\n{ARTICLE}\r\n--{edge}--\r\n")  # fmt: skip
    kind = {"content-type": f"multipart/form-data; boundary={edge}"}
    status, told, _ = bench.ask("POST", f"/d/{draft}/articles", body.encode(), kind)
    assert (status, told["location"].startswith(f"/d/{draft}/evidence?article=")) == (303, True)
    files = [each.name for each in (bench.desk.registry.folder / draft / "articles").iterdir()]
    assert sorted(name.partition(".")[2] for name in files) == ["json", "jsonl", "txt"], "by hash, not by its name"
    assert not any("ws" in name for name in files)
    stranger = body.replace(bench.token, "x")
    assert bench.ask("POST", f"/d/{draft}/articles", stranger.encode(), kind)[0] == 403
    assert bench.ask("POST", f"/d/{draft}/articles", b"--x\r\nnonsense", kind)[0] in (400, 403)


def test_every_claim_of_a_case_is_listed_with_what_rests_on_it(bench, draft):
    told = bench.json(f"/d/{draft}/evidence.json")
    scenario = read("amm_aceh")
    assert {row["name"] for row in told["claims"]} == set(scenario.claims)
    rests = {row["name"]: {each["path"] for each in row["rests"]} for row in told["claims"]}
    for path, number in scenario.estimates():
        assert all(path in rests[name] for name in number.claims)
    page = bench.get(f"/d/{draft}/assumptions?q=authorized", accept="text/html")[2].decode()
    assert f"/d/{draft}/evidence?claim=A_mission#c-A_mission" in page

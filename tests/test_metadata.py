"""Title, authors, date and the rest: which evidence wins, and what broken evidence does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dates import date_in_url, find_date, parse_date
from cleaner.metadata import metadata
from cleaner.model import Metadata, Source
from cleaner.page import read_html
from cleaner.textpage import read_text

PROSE = "<p>The council said on Monday that the ferries between the two islands will run again, once the harbour has been dredged.</p>"
ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle"}


def html(
    head: str = "",
    body: str = PROSE,
    *,
    ld: Any = None,
    url: str | None = None,
    lang: str = "en",
    given: Metadata | None = None,
    recorded: dict[str, str] | None = None,
    kept_first: int | None = None,
    deep_date: bool = False,
) -> Metadata:
    data = ld if isinstance(ld, str) else json.dumps(ld)
    scripts = "" if ld is None else f'<script type="application/ld+json">{data}</script>'
    page = read_html(f'<!DOCTYPE html><html lang="{lang}"><head>{head}{scripts}</head><body>{body}</body></html>', url)
    return metadata(page, given or Metadata(), recorded or {}, kept_first, deep_date=deep_date)


def text(lines: str, kept_first: int | None, **recorded: str) -> Metadata:
    return metadata(read_text(lines, None), Metadata(), recorded, kept_first)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


class TestTitle:
    @pytest.mark.parametrize(
        "title",
        [
            "Ferries run again | The Island Daily",
            "Ferries run again - The Island Daily",
            "Ferries run again — The Island Daily",
            "Ferries run again » News » The Island Daily",
            "The Island Daily: Ferries run again",
            "Ferries run again :: islanddaily.example",
        ],
    )
    def test_site_name_is_taken_off(self, title: str) -> None:
        head = f"<title>{title}</title>" + meta("og:site_name", "The Island Daily")
        assert html(head, url="https://www.islanddaily.example/a").title == "Ferries run again"

    def test_section_after_a_bar_is_taken_off_without_knowing_the_site(self) -> None:
        assert html("<title>Why the ferries run again | Opinion</title>").title == "Why the ferries run again"

    def test_dash_and_colon_that_belong_to_the_title_stay(self) -> None:
        assert html("<title>Ferries: a history - and a future</title>").title == "Ferries: a history - and a future"

    def test_heading_that_the_head_agrees_with_wins(self) -> None:
        head = "<title>Ferries run again on Monday - Daily</title>" + meta("og:title", "Ferries run again on Monday")
        body = f"<h1>Daily</h1><h1>Our blog</h1><h1>Ferries run again on Monday!</h1>{PROSE}"
        assert html(head, body).title == "Ferries run again on Monday!"

    def test_heading_that_says_something_else_loses_to_the_head(self) -> None:
        assert html(meta("og:title", "Ferries run again"), f"<h1>Contact us</h1>{PROSE}").title == "Ferries run again"

    def test_heading_that_leads_to_the_front_page_is_the_site(self) -> None:
        body = f'<h1><a href="/">Notes from the pier</a></h1><h3>Ferries run again</h3>{PROSE}'
        found = html("<title>Notes from the pier: Ferries run again</title>", body, url="https://pier.example/ferries")
        assert (found.title, found.site_name) == ("Ferries run again", "Notes from the pier")

    def test_date_after_the_heading_is_no_part_of_it(self) -> None:
        body = f"<h1>Ferries run again <small>Posted on July 1, 2024</small></h1>{PROSE}"
        assert html("<title>Ferries run again</title>", body).title == "Ferries run again"

    def test_entities_escaped_twice(self) -> None:
        assert html(meta("og:title", "Fish &amp;amp; chips &amp;#8211; a love story")).title == "Fish & chips – a love story"

    def test_template_field_wins(self) -> None:
        given = Metadata(title="From the template")
        assert html("<title>Another</title>", f"<h1>Another</h1>{PROSE}", given=given).title == "From the template"

    def test_nothing_known(self) -> None:
        assert html() == Metadata()


class TestTextTitle:
    def test_line_before_the_byline_past_menu_and_category(self) -> None:
        page = "Island Daily\n  • Ports\n  • Ferries and boats today\nTravel\n\nFerries run again\n\nby January 14, 2026\n\n"
        assert text(page + "The council said so on Monday.\n", 6).title == "Ferries run again"

    def test_site_header_with_todays_date_is_not_the_byline(self) -> None:
        page = "Skip to content\nMonday, 23 November 2026\nIsland Daily\n\nFerries run again soon\nByAnn Lee\n\nJul 21, 2025\n\n"
        found = text(page + "The council said so on Monday.\n", 6)
        assert (found.title, found.authors, found.date) == ("Ferries run again soon", ["Ann Lee"], "2025-07-21")

    def test_breadcrumb_and_comment_line_point_to_the_title(self) -> None:
        page = "Our services\nFerries run again soon\nHome » Ports » Ferries run again soon\nThe council said so on Monday.\n"
        assert text(page, 3).title == "Ferries run again soon"

    def test_title_may_be_the_first_kept_block(self) -> None:
        assert text("Ferries run again soon\n\nThe council said so on Monday.\n", 0).title == "Ferries run again soon"

    def test_name_on_its_own_line_after_by_is_no_title(self) -> None:
        found = text("Ferries run again soon\nBy\nRuth Ann Miller\n-\nThe council said so on Monday.\n", 4)
        assert found.title == "Ferries run again soon"

    def test_recorded_title_is_given_as_the_page_writes_it(self) -> None:
        page = "Ferries “run” again\n\nThe council said so on Monday.\n"
        assert text(page, 1, title='ferries "run" again').title == "Ferries “run” again"
        assert text(page, 1, title="Quite another").title == "Quite another"

    def test_prose_alone_has_no_title(self) -> None:
        assert text("The council said so on Monday.\n\nNobody objected to that.\n", 0).title is None


class TestAuthors:
    @pytest.mark.parametrize(
        ("author", "names"),
        [
            ("Ann Lee", ["Ann Lee"]),
            ({"@type": "Person", "name": "Ann Lee"}, ["Ann Lee"]),
            ([{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Ek"}], ["Ann Lee", "Bo Ek"]),
            ({"name": ["Ann Lee", "Bo Ek"]}, ["Ann Lee", "Bo Ek"]),
            ({"givenName": "Ann", "familyName": "Lee"}, ["Ann Lee"]),
            ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
            ("Ann Lee, PhD, Bo Ek, Senior Editor &amp; Cy Roe", ["Ann Lee", "Bo Ek"]),
            ("Lee, Ann", ["Ann Lee"]),
            ("admin", []),
            ("editor@daily.example", []),
            ("https://daily.example/ann", []),
        ],
    )
    def test_json_ld_in_all_its_shapes(self, author: Any, names: list[str]) -> None:
        assert html(ld={**ARTICLE, "headline": "x", "author": author}).authors == names

    def test_author_by_reference_in_a_graph(self) -> None:
        graph = [
            {"@type": "WebSite", "name": "Island Daily"},
            {"@type": ["Article", "BlogPosting"], "headline": "Ferries", "author": {"@id": "#ann"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        ]
        found = html(ld={"@context": "https://schema.org", "@graph": graph})
        assert (found.authors, found.title, found.site_name) == (["Ann Lee"], "Ferries", "Island Daily")

    def test_person_beats_organisation_and_site(self) -> None:
        ld = {**ARTICLE, "author": [{"@type": "Organization", "name": "Island Daily"}]}
        body = f'<h1>Ferries</h1><p class="byline">By <a href="/a">Ann Lee</a>, Reporter</p>{PROSE}'
        assert html(meta("og:site_name", "Island Daily"), body, ld=ld).authors == ["Ann Lee"]

    def test_site_named_after_its_author(self) -> None:
        head = meta("og:site_name", "Ann Lee") + '<meta name="author" content="Ann Lee">'
        assert html(head).authors == ["Ann Lee"]

    def test_meta_names_of_several_authors(self) -> None:
        head = '<meta name="citation_author" content="Lee, Ann"><meta name="citation_author" content="Ek, Bo">'
        assert html(head).authors == ["Ann Lee", "Bo Ek"]

    def test_facebook_address_is_no_author(self) -> None:
        head = meta("article:author", "https://facebook.example/ann") + '<meta name="twitter:label1" content="Written by">'
        assert html(head + '<meta name="twitter:data1" content="Bo Ek">').authors == ["Bo Ek"]

    @pytest.mark.parametrize(
        "byline",
        [
            "<p>By Ann Lee | May 3, 2025 | 5 min read</p>",
            "<p>May 3, 2025 by Ann Lee</p>",
            "<p>Von Ann Lee</p>",
            "<div class='meta'><span>By</span><a href='/x'>Ann Lee</a><span>May 3, 2025</span></div>",
            "<span class='byline'>Posted by<span class='author vcard'><a>Ann Lee</a></span></span>",
            "<div class='post-author-wrap'><div>Ann Lee</div><div>Senior Reporter</div></div>",
            "<p><a rel='author' href='/x'>Ann Lee</a></p>",
            "<p><a href='/authors/ann-lee/'>Ann Lee</a> in Ports</p>",
        ],
    )
    def test_bylines_under_the_title(self, byline: str) -> None:
        assert html("<title>Ferries run again</title>", f"<h1>Ferries run again</h1>{byline}{PROSE}").authors == ["Ann Lee"]

    @pytest.mark.parametrize(
        "line", ["By the end of the year", "Stand by Me", "by January 14, 2026 0 comment", "Sold by the pound", "Reviewed by Bo Ek"]
    )
    def test_other_uses_of_by(self, line: str) -> None:
        assert html("<title>Ferries run again</title>", f"<h1>Ferries run again</h1><p>{line}</p>{PROSE}").authors == []

    def test_author_box_below_the_article_but_not_the_commenters(self) -> None:
        comments = "<div id='comments'><b class='comment-author'>Cy Roe</b></div>"
        body = f"<h1>Ferries</h1>{PROSE * 20}<div class='author-name'>Ann Lee</div>{comments}"
        assert html(body=body).authors == ["Ann Lee"]
        assert html(body=f"<h1>Ferries</h1>{PROSE * 20}{comments}").authors == []

    def test_authors_of_other_articles_cards_do_not_count(self) -> None:
        cards = "".join(f"<div class='teaser'><span class='author'>{name}</span></div>" for name in ("Ann Lee", "Bo Ek"))
        assert html(body=f"<h1>Ferries</h1>{PROSE * 20}{cards}").authors == []


class TestDate:
    def test_published_keeps_time_and_zone(self) -> None:
        ld = {**ARTICLE, "datePublished": "2026-01-14T10:00:00.000Z", "dateModified": "2026-02-01"}
        assert html(ld=ld).date == "2026-01-14T10:00:00+00:00"

    @pytest.mark.parametrize(
        ("name", "value", "date"),
        [
            ("article:published_time", "2026-01-14T10:00:00+0100", "2026-01-14T10:00:00+01:00"),
            ("citation_publication_date", "2023 Jan 7", "2023-01-07"),
            ("parsely-pub-date", "1768384800", "2026-01-14T10:00:00+00:00"),
            ("x-published-date", "2026/01/14", "2026-01-14"),
            ("pubdate", "Wed, 14 Jan 2026 10:00:00 GMT", "2026-01-14T10:00:00+00:00"),
            ("publisher", "2026-01-14", None),
            ("article:modified_time", "2026-01-14", "2026-01-14"),
        ],
    )
    def test_metas(self, name: str, value: str, date: str | None) -> None:
        assert html(meta(name, value)).date == date

    @pytest.mark.parametrize(
        "shown",
        [
            "<time datetime='2025-05-03T08:00:00Z'>3 May</time>",
            "<p>May 3rd, 2025</p>",
            "<div class='entry-date'>03.05.2025</div>",
            "<p>Updated: May 9, 2025. Published: May 3, 2025</p>",
            "<p>Last updated on May 9, 2025</p><p>3 May 2025</p>",
            "<p>Updated <time datetime='2025-05-09'>9 May</time> · <time datetime='2025-05-03'>3 May</time></p>",
        ],
    )
    def test_shown_under_the_title(self, shown: str) -> None:
        found = html("<title>Ferries run again</title>", f"<h1>Ferries run again</h1>{shown}{PROSE}").date
        assert found is not None
        assert found.startswith("2025-05-03")

    def test_older_printed_date_corrects_a_system_that_published_anew(self) -> None:
        body = f"<h1>Ferries</h1><p>November 2, 2022</p>{PROSE}"
        assert html(body=body, ld={**ARTICLE, "datePublished": "2025-06-12"}).date == "2022-11-02"

    def test_update_and_time_zone_do_not_correct_it(self) -> None:
        ld = {**ARTICLE, "datePublished": "2025-06-12T01:00:00Z"}
        for shown in ("Updated November 2, 2022", "June 11, 2025", "July 1, 2025"):
            assert html(body=f"<h1>Ferries</h1><p>{shown}</p>{PROSE}", ld=ld).date == "2025-06-12T01:00:00+00:00"

    def test_address_then_line_far_below(self) -> None:
        far = f"<h1>Ferries</h1>{PROSE * 20}<p>Posted on May 3, 2025</p>"
        assert html(body=far, url="https://daily.example/2025/05/02/ferries").date == "2025-05-02"
        assert html(body=far).date == "2025-05-03"

    def test_dates_of_related_posts_do_not_count(self) -> None:
        related = "".join(f"<div class='related-item'><span class='date'>May {day}, 2025</span></div>" for day in (3, 3))
        assert html(body=f"<h1>Ferries</h1>{PROSE * 20}{related}").date is None

    def test_dateline_of_a_press_release(self) -> None:
        opening = "LONDON, Jan. 14, 2026 (NEWSWIRE) -- The council said on Monday that the ferries will run again in the spring, "
        rest = "once the harbour has been dredged and the outer gate has been mended and all of the crews are back from the mainland.\n"
        found = text(opening + rest, 0)
        assert found.date == "2026-01-14"

    def test_order_of_day_and_month_follows_the_language(self) -> None:
        body = f"<h1>Ferries</h1><p>03/04/2025</p>{PROSE}"
        assert (html(body=body).date, html(body=body, lang="fr").date) == ("2025-03-04", "2025-04-03")

    def test_deep_search_looks_where_nothing_points(self) -> None:
        body = f"<h1>Ferries</h1>{PROSE * 20}<div><p>Ferries, harbour and council: 3 May 2025</p></div>"
        assert html(body=body).date is None
        assert html(body=body, deep_date=True).date == "2025-05-03"

    @pytest.mark.parametrize(
        ("written", "date"),
        [
            ("by January 14, 2026 0 comment", "2026-01-14"),
            ("Jan. 3, 2025", "2025-01-03"),
            ("14. Januar 2026", "2026-01-14"),
            ("Publié le 1er février 2025 à 10h", "2025-02-01"),
            ("14 de enero de 2026", "2026-01-14"),
            ("14 gennaio 2026", "2026-01-14"),
            ("14 de março de 2026", "2026-03-14"),
            ("14 января 2026", "2026-01-14"),
            ("2026年1月14日", "2026-01-14"),
            ("14.01.2026", "2026-01-14"),
            ("25/12/2025", "2025-12-25"),
            ("February 30, 2025", None),
            ("May 3, 2199", None),
            ("May 3, 1789", None),
            ("version 1.2.2025.3", None),
            ("in 2025", None),
        ],
    )
    def test_dates_as_people_write_them(self, written: str, date: str | None) -> None:
        assert find_date(written) == date

    @pytest.mark.parametrize("value", ["", "today", "0000-00-00", "2026-13-45", "3026-01-01", "2026-01-14T25:00:00", "9" * 20])
    def test_what_is_no_date(self, value: str) -> None:
        assert parse_date(value) is None

    @pytest.mark.parametrize(
        ("path", "date"),
        [("/2026/01/14/t", "2026-01-14"), ("/a-20260114.html", "2026-01-14"), ("/2026/01/t", None), ("/p/20251399/", None)],
    )
    def test_dates_in_addresses(self, path: str, date: str | None) -> None:
        assert date_in_url("https://daily.example" + path) == date


class TestBrokenJsonLd:
    @pytest.mark.parametrize(
        "script",
        [
            '{"@type": "Article", "headline": "Ferries", "author": ["Ann Lee",],}',
            '{"@type": "Article", "headline": "Fer\nries", "author": "Ann\tLee"}',
            '<!-- {"@type": "Article", "headline": "Ferries", "author": "Ann Lee"} -->',
            '//<![CDATA[\n{"@type": "Article", "headline": "Ferries", "author": "Ann Lee"}\n//]]>',
            '[{"@type": "Organization"}, [{"@type": "http://schema.org/Article", "headline": "Ferries", "author": "Ann Lee"}]];',
            "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Ferries&quot;, &quot;author&quot;: &quot;Ann Lee&quot;}",
        ],
    )
    def test_is_mended(self, script: str) -> None:
        found = html(ld=script)
        assert ((found.title or "").replace(" ", ""), found.authors) == ("Ferries", ["Ann Lee"])

    @pytest.mark.parametrize(
        "script",
        ["", "{", "null", "[[[[", '{"@type": "Article", "headline": ', "[" * 100_000, '{"@type": {}, "@id": [], "author": {"@id": []}}'],
    )
    def test_beyond_mending_says_nothing(self, script: str) -> None:
        assert html(ld=script) == Metadata()

    def test_other_works_on_the_page_are_not_the_article(self) -> None:
        ld = [
            {"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "Another", "author": "Bo Ek"}]},
            {"@type": "WebPage", "name": "Page", "datePublished": "2020-01-01", "mainEntity": {**ARTICLE, "headline": "Ferries"}},
        ]
        found = html(ld=ld)
        assert (found.title, found.authors, found.date) == ("Ferries", [], "2020-01-01")


class TestAddressesAndNames:
    def test_relative_addresses_become_absolute(self) -> None:
        head = '<link rel="canonical" href="/ferries"><meta property="og:image" content="//cdn.example/i.jpg">'
        found = html(head, url="https://daily.example/ferries?x=1")
        assert (found.canonical_url, found.image) == ("https://daily.example/ferries", "https://cdn.example/i.jpg")

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "data:text/html,x", "ftp://daily.example/x", "http://[x", "mailto:a@b.example", "https://"]
    )
    def test_only_web_addresses_come_out(self, address: str) -> None:
        head = f'<link rel="canonical" href="{address}"><meta property="og:image" content="{address}">'
        found = html(head)
        assert (found.canonical_url, found.image) == (None, None)

    def test_relative_address_of_an_unknown_page_is_left_out(self) -> None:
        assert html('<link rel="canonical" href="/ferries">').canonical_url is None

    def test_image_and_description_of_json_ld(self) -> None:
        ld = {**ARTICLE, "image": [{"@type": "ImageObject", "url": "https://cdn.example/i.jpg"}], "description": "A &amp; B"}
        found = html(ld=ld)
        assert (found.image, found.description) == ("https://cdn.example/i.jpg", "A & B")

    def test_site_name_as_the_title_appends_it(self) -> None:
        assert html("<title>Ferries run again - Island Daily</title>", f"<h1>Ferries run again</h1>{PROSE}").site_name == "Island Daily"

    def test_recorded_values_win(self) -> None:
        recorded = {"site_name": "Recorded", "authors": "By Bo Ek", "date": "May 3, 2025"}
        ld = {**ARTICLE, "author": "Ann Lee", "datePublished": "2026-01-01", "publisher": {"name": "Daily"}}
        found = html(ld=ld, recorded=recorded)
        assert (found.site_name, found.authors, found.date) == ("Recorded", ["Bo Ek"], "2025-05-03")


class TestSource:
    def test_recorded_source_with_its_address(self) -> None:
        found = html(recorded={"source": "Invezz", "source_url": "https://invezz.example/a"})
        assert found.source == Source("Invezz", "https://invezz.example/a")

    def test_source_of_the_template(self) -> None:
        source = Source("Invezz", "https://invezz.example")
        assert html(given=Metadata(source=source)).source == source

    @pytest.mark.parametrize(
        ("url", "canonical", "name"),
        [
            ("https://daily.example/a", "https://www.wire.example/b", "wire.example"),
            ("https://www.daily.co.uk/a", "https://wire.co.uk/b", "wire.co.uk"),
            ("https://daily.example/a", "https://m.daily.example/b", None),
            ("https://daily.co.uk/a", "https://daily.com/b", None),
            ("https://ann.blog.example/a", "https://blog.example/b", None),
            (None, "https://www.wire.example/b", None),
        ],
    )
    def test_canonical_address_on_another_site(self, url: str | None, canonical: str, name: str | None) -> None:
        source = html(f'<link rel="canonical" href="{canonical}">', url=url).source
        assert (source.name if source else None) == name

    def test_work_it_is_based_on(self) -> None:
        based_on = {"@type": "Article", "url": "https://wire.example/b", "publisher": {"name": "The Wire"}}
        url = "https://daily.example/a"
        assert html(ld={**ARTICLE, "isBasedOn": based_on}, url=url).source == Source("The Wire", "https://wire.example/b")
        assert html(ld={**ARTICLE, "isBasedOn": "https://daily.example/b"}, url=url).source is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from("@type @id @graph name author headline datePublished image publisher url isBasedOn".split())
            | st.text(max_size=5),
            inner | st.sampled_from(["Article", "Person", "2026-01-14", "#a"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


class TestNothingIsRaised:
    @settings(max_examples=150, deadline=None)
    @given(JSON, st.text(max_size=60), st.text(max_size=60), st.none() | st.text(max_size=30))
    def test_on_random_evidence(self, ld: Any, name: str, content: str, url: str | None) -> None:
        page = read_html("<title>t</title><h1>Ferries <a href='http://['>x</a></h1><p class='author date'>By X 2025-99-01</p>", url)
        page.head.metas = [(key, content) for key in ("og:title", "article:published_time", "author", "og:url", name.lower())]
        page.head.json_ld = [json.dumps(ld), content]
        found = metadata(page, Metadata(title=name, date=name, authors=[name]), {"date": content, "source_url": name}, 0)
        assert found.date is None or parse_date(found.date) is not None

    @settings(max_examples=150, deadline=None)
    @given(st.text(alphabet="by BY\nAnnLe 0123456789,./-:|•»May", max_size=300), st.none() | st.integers(0, 20))
    def test_on_random_text_pages(self, lines: str, kept_first: int | None) -> None:
        page = read_text(lines, None)
        first = None if kept_first is None or kept_first >= len(page.blocks) else kept_first
        title = metadata(page, Metadata(), {}, first).title
        assert title is None or any(title == block.text for block in page.blocks)

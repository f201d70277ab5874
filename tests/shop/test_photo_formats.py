"""Photos in the formats that browsers read: what is there at once, and what a job adds."""

import io
import re
from datetime import UTC, datetime
from itertools import product as every
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFilter, features
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.jobs import encode_photos
from shop.models.catalog import PHOTO_WIDTHS, Pack, Photo, Product
from shop.models.people import AuditEntry
from shop.pages import pictures
from shop.queries import photos as queries
from shop.services import photo_formats, photos
from shop.services.actors import SYSTEM
from tests.factories import make_level, make_pack, make_product
from tests.support.pages import Visitor

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
LIST_LIMIT, ROWS_AT_ONCE, LIST_WITHOUT_PHOTOS = 150_000, 12, 25 * 1024

needs_avif = pytest.mark.skipif(not features.check("avif"), reason="Pillow writes no AVIF here")


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.extensions["dacsan_settings"].var).resolve() / "photos"


@pytest.fixture
def tea(app_session: Session) -> Product:
    tea = make_product(app_session, slug="che-la-bang", name="Chè La Bằng")
    make_level(app_session, make_pack(app_session, tea, sku="NHO"))
    return tea


def photo_like(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Return a picture as hard to write small as a photo: soft shapes with grain."""
    shapes = Image.effect_noise((16, 12), 90).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 40).convert("RGB").filter(ImageFilter.GaussianBlur(1))
    output = io.BytesIO()
    Image.blend(shapes, grain, 0.15).save(output, "JPEG", quality=92)
    return output.getvalue()


def added(session: Session, product: Product, folder: Path) -> Photo:
    photo = photos.add(session, product, photo_like(), folder=folder, actor=SYSTEM, now=NOW)
    session.commit()
    return photo


def encode(app: Flask, session: Session) -> str:
    """Run the job, and let the session read what it wrote."""
    session.commit()
    extensions = app.extensions
    told = encode_photos.run(extensions["dacsan_engine"], extensions["dacsan_settings"], now=NOW)
    session.expire_all()
    return told


@needs_avif
def test_a_photo_is_shown_at_once_and_in_every_format_after_the_job(
    app: Flask, client: FlaskClient, app_session: Session, tea: Product, folder: Path
) -> None:
    key = added(app_session, tea, folder).key
    app_session.commit()

    before = client.get("/san-pham/che-la-bang")
    told = encode(app, app_session)
    after = client.get("/san-pham/che-la-bang", headers={"If-None-Match": before.headers["ETag"]})

    assert told == "1 of 1 photos"
    assert "image/avif" not in before.text
    assert f'src="/anh/{key}-640.webp"' in before.text
    assert (after.status_code, f'src="/anh/{key}-640.jpg"' in after.text) == (200, True)
    kinds = re.findall(r'<source type="([^"]+)" srcset="([^"]+)"', after.text)
    assert [kind for kind, _ in kinds] == ["image/avif", "image/webp"]
    widths = re.findall(r"-(\d+)\.avif (\d+)w", kinds[0][1])
    assert widths == [("160", "120"), ("320", "240"), ("640", "480"), ("1280", "960")]
    shown = re.search(r'<img class="tranh" src="/anh/[^>]*>', after.text)
    assert shown is not None
    assert 'fetchpriority="high"' in shown[0]
    assert 'width="400" height="400"' in shown[0]
    for width, (ending, kind) in every(PHOTO_WIDTHS, pictures.TYPES.items()):
        with client.get(f"/anh/{key}-{width}.{ending}") as came:
            assert (came.status_code, came.mimetype) == (200, kind)
            assert "immutable" in came.headers["Cache-Control"]
            assert max(Image.open(io.BytesIO(came.data)).size) == width


@needs_avif
def test_an_old_photo_gets_the_new_formats_and_the_width_it_lacks(
    app: Flask, app_session: Session, tea: Product, folder: Path
) -> None:
    key = added(app_session, tea, folder).key
    (folder / f"{key}-160.webp").unlink()

    encode(app, app_session)

    kept = sorted(path.name.partition("-")[2] for path in folder.glob(f"{key}-*"))
    assert kept == sorted(f"{width}.{e}" for width in PHOTO_WIDTHS for e in pictures.TYPES)
    assert encode(app, app_session) == "0 of 0 photos"
    small = (folder / f"{key}-320.avif").stat().st_size
    assert ROWS_AT_ONCE * small + LIST_WITHOUT_PHOTOS <= LIST_LIMIT


def test_without_an_encoder_photos_come_in_what_there_is_and_are_tried_again_later(
    app: Flask,
    app_session: Session,
    tea: Product,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    visitor: Visitor,
) -> None:
    there = features.check
    monkeypatch.setattr(features, "check", lambda name: name == "jpg" and there(name))
    photo_formats.writable.cache_clear()
    photo = added(app_session, tea, folder)
    key = photo.key
    poor = encode(app, app_session)

    assert (photo.extension, photo.formats, poor) == ("jpg", "", "1 of 1 photos")
    assert encode(app, app_session) == "0 of 0 photos"
    assert f"/anh/{key}-640.jpg" in visitor.open("/san-pham/che-la-bang").body

    monkeypatch.undo()
    photo_formats.writable.cache_clear()
    assert encode(app, app_session) == "1 of 1 photos"
    assert "webp" in photo.formats.split(",")


def test_a_photo_whose_file_cannot_be_read_stays_and_is_not_tried_for_ever(
    app: Flask, app_session: Session, tea: Product, folder: Path, visitor: Visitor
) -> None:
    photo = added(app_session, tea, folder)
    key = photo.key
    (folder / f"{key}-1280.webp").write_bytes(b"RIFF____WEBPVP8 cut off")

    encode(app, app_session)

    assert encode(app, app_session) == "0 of 0 photos"
    assert photo.formats == ""
    app_session.commit()
    assert f"/anh/{key}-640.webp" in visitor.open("/san-pham/che-la-bang").body


def test_a_turned_photo_is_encoded_anew_and_late_news_of_the_old_one_is_dropped(
    app: Flask, app_session: Session, tea: Product, folder: Path
) -> None:
    photo = added(app_session, tea, folder)
    encode(app, app_session)
    old = photo.key

    photos.turn(app_session, photo, folder=folder, actor=SYSTEM, now=NOW)
    photos.note_formats(app_session, Photo, old, "avif,jpg", "avif,webp,jpg")

    assert photo.formats == ""
    encode(app, app_session)
    assert photo.formats
    assert (folder / f"{photo.key}-320.jpg").is_file()
    assert (folder / f"{old}-320.jpg").is_file()


def test_a_photo_of_a_pack_is_shown_when_that_pack_is_chosen(
    app_session: Session, tea: Product, folder: Path, visitor: Visitor
) -> None:
    large = make_pack(app_session, tea, sku="TO", label="gói 500 g")
    make_level(app_session, large)
    general = added(app_session, tea, folder).key
    own = photos.add(
        app_session, tea, photo_like((800, 800)), folder=folder, actor=SYSTEM, now=NOW
    )
    photos.give_to_pack(app_session, own, large, actor=SYSTEM, now=NOW)
    key = own.key
    app_session.commit()

    plain = visitor.open("/san-pham/che-la-bang").body
    chosen = visitor.open("/san-pham/che-la-bang?loai=TO").body

    assert [_main_picture(page) for page in (plain, chosen)] == [general, key]
    assert plain.count('class="hinh"') == chosen.count('class="hinh"') == 2
    assert f'value="{large.id}" checked' in chosen
    acts = app_session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert acts == "photo_of_pack"


def _main_picture(page: str) -> str:
    found = re.search(r'data-part="chosen-picture".*?src="/anh/(\w+)-', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_no_photo_is_given_to_a_pack_of_another_product(
    app_session: Session, tea: Product, folder: Path
) -> None:
    photo, foreign = added(app_session, tea, folder), make_pack(app_session)

    with pytest.raises(ValueError, match="is not of product"):
        photos.give_to_pack(app_session, photo, foreign, actor=SYSTEM, now=NOW)


@pytest.mark.both_databases
def test_pages_and_lists_choose_the_same_photo(session: Session) -> None:
    kinds = list(every(("own", "other", ""), (True, False)))
    for bits in range(1, 2 ** len(kinds)):
        product = make_product(session)
        own, other = make_pack(session, product), make_pack(session, product)
        ids = {"own": own.id, "other": other.id, "": None}
        for at, (of, is_sample) in enumerate(kinds):
            if bits >> at & 1:
                product.photos.append(
                    Photo(
                        key=f"{product.id}-{at}", extension="webp", width=1, height=1,
                        pack_id=ids[of], is_sample=is_sample, position=at % 2, created_at=NOW,
                    )
                )  # fmt: skip
        session.flush()

        for is_of_pack, pack_id in ((True, own.id), (False, None)):
            asked = select(queries.shown(is_of_pack=is_of_pack)).select_from(Product)
            asked = asked.join(Pack, Pack.id == own.id).where(Product.id == product.id)
            chosen = pictures.best(product.photos, pack_id)
            assert chosen is not None
            assert session.scalar(asked) == chosen.id


def test_a_photo_goes_before_a_drawing_and_neither_stands_for_another_pack() -> None:
    drawn, real, other = (
        Photo(id=1, pack_id=7, is_sample=True, position=0, key="drawn"),
        Photo(id=2, pack_id=None, is_sample=False, position=5, key="real"),
        Photo(id=3, pack_id=8, is_sample=False, position=0, key="other"),
    )

    assert pictures.best([drawn, real, other], 7) is real
    assert pictures.best([drawn, other], 7) is drawn
    assert pictures.best([other], 7) is other
    assert pictures.best([], 7) is None

"""Pictures are read as Keras reads them; what is no picture is refused, and starts nothing."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.data.columns import Signature
from modelc.data.sources import PicturesSource
from modelc.errors import FileFormatError, InputError, ModelcError
from modelc.files import pictures
from modelc.files.arrays import read_input
from modelc.files.pictures import FORMATS, MAX_PIXELS, PICTURES, check_picture, read_picture
from modelc.graph.types import TensorType
from tests.live_keras import live_keras

Image = pytest.importorskip("PIL.Image")

H, W = 6, 8
RNG = np.random.default_rng(3)
COLOURS = RNG.integers(0, 256, (H, W, 4), dtype=np.uint8)
TYPES = {
    "grayscale": TensorType((None, H, W, 1)),
    "rgb": TensorType((None, H, W, 3)),
    "rgba": TensorType((None, H, W, 4)),
}


def _rgb() -> Any:
    return Image.fromarray(np.ascontiguousarray(COLOURS[..., :3]))


def _palette(transparency: Any) -> Callable[[Path], None]:
    return lambda path: (
        _rgb().quantize(16).save(path, **({} if transparency is None else {"transparency": transparency}))
    )


def _turned(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees when it is shown
    _rgb().save(path, exif=exif)


CASES: dict[str, Callable[[Path], None]] = {
    "colours.png": lambda path: _rgb().save(path),
    "colours.bmp": lambda path: _rgb().save(path),
    "colours.webp": lambda path: _rgb().save(path, lossless=True),
    "colours.jpg": lambda path: _rgb().save(path, quality=95),
    "colours.tif": lambda path: _rgb().save(path),
    "upper.PNG": lambda path: _rgb().save(path, format="PNG"),
    "transparent.png": lambda path: Image.fromarray(COLOURS).save(path),
    "grey.png": lambda path: _rgb().convert("L").save(path),
    "grey_transparent.png": lambda path: Image.fromarray(COLOURS).convert("LA").save(path),
    "bits.png": lambda path: _rgb().convert("1").save(path),
    "palette.png": _palette(None),
    "palette_one.png": _palette(3),
    "palette_many.png": _palette(bytes(range(0, 160, 10))),
    "palette.gif": _palette(None),
    "cmyk.jpg": lambda path: _rgb().convert("CMYK").save(path, quality=95),
    "cmyk.tif": lambda path: _rgb().convert("CMYK").save(path),
    "turned.jpg": _turned,
    "turned.png": _turned,
    "animated.gif": lambda path: _rgb().save(path, save_all=True, append_images=[Image.new("RGB", (W, H), "red")]),
    "animated.webp": lambda path: _rgb().save(
        path, save_all=True, lossless=True, append_images=[Image.new("RGB", (W, H), "red")]
    ),
    "pages.tif": lambda path: _rgb().save(path, save_all=True, append_images=[Image.new("RGB", (W, H), "red")]),
    "wrongly_named.png": lambda path: _rgb().save(path, format="JPEG", quality=95),
}


@pytest.mark.parametrize("colour", TYPES)
@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore:Palette images:UserWarning")  # of Keras's side
def test_pictures_are_those_of_keras(tmp_path: Path, name: str, colour: str) -> None:
    keras = live_keras()
    CASES[name](tmp_path / name)
    ours = read_picture(tmp_path / name, TYPES[colour])
    theirs = keras.utils.img_to_array(keras.utils.load_img(tmp_path / name, color_mode=colour))
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == np.uint8
    np.testing.assert_array_equal(read_input(tmp_path / name, TYPES[colour])[0], ours)


def test_a_folder_of_pictures_has_the_same_values(tmp_path: Path) -> None:
    for i, (name, write) in enumerate(CASES.items()):
        (tmp_path / "d" / "ab"[i % 2]).mkdir(parents=True, exist_ok=True)
        write(tmp_path / "d" / "ab"[i % 2] / name)
    columns = PicturesSource("d").open(Signature((TYPES["rgb"],), ("input",), ("dense",)), tmp_path)
    found = {array.tobytes() for array in columns.x[0].take(slice(None))}
    paths = [path for path in tmp_path.glob("d/*/*") if path.is_file()]
    assert found == {read_picture(path, TYPES["rgb"]).tobytes() for path in paths}
    assert len(paths) == len(CASES)


def test_16_bits(tmp_path: Path) -> None:
    """TensorFlow's `decode_image`, which Keras's folders go through, gives the higher byte of each value."""
    values = RNG.integers(0, 2**16, (H, W), dtype=np.uint16)
    for name in ("deep.png", "deep.tif"):
        Image.fromarray(values).save(tmp_path / name)
        for colour, type in TYPES.items():
            read = read_picture(tmp_path / name, type)
            for channel in range(1 if colour == "grayscale" else 3):
                np.testing.assert_array_equal(read[..., channel], values >> 8)
    data = np.stack([values] * 3, -1).astype(">u2")
    (tmp_path / "colours.png").write_bytes(_png(W, H, b"".join(b"\0" + row.tobytes() for row in data), depth=16))
    np.testing.assert_array_equal(read_picture(tmp_path / "colours.png", TYPES["rgb"])[..., 0], values >> 8)


@pytest.mark.parametrize(("kind", "message"), [(np.float32, "floating-point numbers"), (np.int32, "32-bit integers")])
def test_numbers_that_are_no_colours(tmp_path: Path, kind: Any, message: str) -> None:
    Image.fromarray(np.ones((H, W), kind)).save(tmp_path / "n.tif")
    with pytest.raises(FileFormatError, match=f"the pixels are {message}, not values from 0 to 255"):
        read_picture(tmp_path / "n.tif", TYPES["rgb"])


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 6\n%%EndComments\n0 setgray 0 0 8 6 rectfill\nshowpage\n%%EOF\n"


@pytest.mark.parametrize(
    "before", [b"", b"\xc5\xd0\xd3\xc6\x1e\0\0\0" + struct.pack("<6I", len(EPS), 0, 0, 0, 0, 0)[:22]]
)
def test_no_program_is_started(tmp_path: Path, before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ghostscript that leaves a trace is the first in the path."""
    (tmp_path / "bin").mkdir()
    for program in ("gs", "gswin64c"):
        script = tmp_path / "bin" / program
        script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for suffix in sorted(PICTURES):
        path = tmp_path / f"evil{suffix}"
        path.write_bytes(before + EPS)
        for read in (
            lambda path: read_picture(path, TYPES["rgb"]), lambda path: read_input(path, TYPES["rgb"]),
            lambda path: read_picture(path, TensorType((None, 3, 3, 3)), resize=True),
            lambda path: check_picture(path, TYPES["rgb"]),
        ):  # fmt: skip
            with pytest.raises(
                FileFormatError, match=r"is PostScript, which is not a supported image format\n  help: "
            ) as e:
                read(path)
            assert len(str(e.value).splitlines()) == 2
    assert not (tmp_path / "ran").exists()


def test_only_formats_that_decode_by_themselves() -> None:
    Image.init()
    known = {Image.EXTENSION[suffix] for suffix in PICTURES}
    assert known == set(FORMATS)
    assert not {"EPS", "WMF", "IPTC", "PDF"} & set(FORMATS)


def _png(width: int, height: int, data: bytes, depth: int = 8) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(12000, 12000), (2**31 - 1, 1), (1, 2**30), (100_000, 100_000)])
def test_sizes_are_bounded_before_pixels_are_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(*size, b""))
    reads = 0

    def loaded(self: Any) -> None:
        nonlocal reads
        reads += 1
        raise AssertionError("decoded")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("PIL.ImageFile.ImageFile.load", loaded)
        with pytest.raises(ModelcError, match="pixels") as error:
            read_picture(path, TYPES["rgb"], resize=True)
    assert size[0] * size[1] > MAX_PIXELS
    assert "damaged" in str(error.value) or "more than the 134,217,728" in str(error.value)
    assert not reads


def test_damaged_pictures_are_told_in_one_line(tmp_path: Path) -> None:
    """Every file, cut at every eighth of it, and with bytes changed, is a picture or one sentence."""
    refused = 0
    for name, write in CASES.items():
        write(tmp_path / name)
        data = (tmp_path / name).read_bytes()
        variants = [data[: len(data) * i // 8] for i in range(8)]
        for _ in range(40):
            changed = bytearray(data)
            for at in RNG.integers(0, len(data), 3):
                changed[at] = RNG.integers(0, 256)
            variants.append(bytes(changed))
        for variant in variants:
            (tmp_path / name).write_bytes(variant)
            try:
                assert read_picture(tmp_path / name, TYPES["rgb"]).shape == (H, W, 3)
            except ModelcError as error:
                refused += 1
                assert len(str(error).splitlines()) <= 2
    assert refused > 8 * len(CASES) // 2


def test_a_picture_that_ends_too_early(tmp_path: Path) -> None:
    for name in ("colours.jpg", "colours.png", "colours.bmp"):
        CASES[name](tmp_path / name)
        data = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(data[: len(data) - len(data) // 4])
        with pytest.raises(FileFormatError, match=rf"{name}: not an image, or damaged: .*(runcated|not large enough)"):
            read_picture(tmp_path / name, TYPES["rgb"])


@pytest.mark.skipif(os.name != "posix", reason="pipes are files there")
def test_pipes_and_folders_are_no_pictures(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    for name, what in (("pipe.png", "no file"), ("folder.png", "a folder")):
        with pytest.raises(FileFormatError, match=f"not an image, but {what}"):
            read_picture(tmp_path / name, TYPES["rgb"])
    with pytest.raises(InputError, match="there is no such file"):
        read_picture(tmp_path / "none.png", TYPES["rgb"])


def test_nothing_of_pillow_is_changed() -> None:
    before = Image.MAX_IMAGE_PIXELS
    stream = BytesIO()
    _rgb().save(stream, "PNG")
    assert before == Image.MAX_IMAGE_PIXELS
    assert 2 * before > pictures.MAX_PIXELS  # beyond which Pillow itself refuses


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_a_damaged_tiff_is_told_once(compression: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """libtiff's own lines are not printed, and whoever uses Pillow besides gets them as before."""
    path = tmp_path / "broken.tif"
    _rgb().save(path, compression=compression)
    with Image.open(path) as image:
        (start, *_), (count, *_) = image.tag_v2[273], image.tag_v2[279]
    data = bytearray(path.read_bytes())
    data[start : start + count] = bytes(range(7, 7 + count % 200)).ljust(count, b"\xff")
    path.write_bytes(data)
    capfd.readouterr()
    for _ in range(2):
        with pytest.raises(FileFormatError, match=r"broken.tif: not an image, or damaged: "):
            read_picture(path, TYPES["rgb"])
    assert capfd.readouterr() == ("", "")
    with pytest.raises(OSError, match="decoder error"), Image.open(path) as image:
        image.load()
    assert capfd.readouterr().err

"""The functions of `tf.image`, and those of blocks of pixels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.keras.tensorflow.arithmetic import clip
from modelc.keras.tensorflow.arranging import bounded
from modelc.keras.tensorflow.network import channels_first
from modelc.keras.tensorflow.signature import Table, adder
from modelc.keras.tensorflow.steps import Steps
from modelc.keras.tensorflow.values import as_array

TABLE: Table = {}
_add = adder(TABLE)

_GREY = [0.2989, 0.587, 0.114]
_YUV = [[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512], [0.114, 0.43601035, -0.10001026]]
_RGB_OF_YUV = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]
_YIQ = [[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617], [0.114, -0.32134392, 0.31119955]]
_RGB_OF_YIQ = [[1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]]
"""TensorFlow's matrices between colour spaces, for rows of pixels from the left."""

_METHODS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")


def _size(s: Steps, images: Any) -> tuple[int, int]:
    """The height and the width of a batch of images."""
    if s.rank(images) != 4:
        raise s.refuse("it is applied to something other than a batch of images")
    return s.size(images, 1), s.size(images, 2)


def _resized(s: Steps, images: Any, size: list[int], method: str, antialias: bool = False) -> Any:
    return s("resize", images, size=size, interpolation=method, antialias=antialias)


@_add("image.resize", "image.resize_images", "compat.v1.image.resize", "compat.v1.image.resize_images")
def _resize(
    s: Steps, images: Any, size: Any, method: Any = "bilinear", preserve_aspect_ratio: Any = False,
    antialias: Any = False, align_corners: Any = False,
) -> Any:  # fmt: skip
    name = _METHODS[method] if method in (0, 1, 2, 3) else str(method).lower()
    if name not in _METHODS:
        raise s.refuse(f"the method `{name[:20]}` is not supported")
    height, width = s.free_integers(size, "size")
    if is_free(height) or is_free(width):
        if preserve_aspect_ratio or "v1" in s.function:
            raise s.refuse("it resizes to a size that the model leaves free, which is supported in TensorFlow 2 only")
        return _resized(s, images, [height, width], name, bool(antialias) and name not in ("nearest", "area"))
    if preserve_aspect_ratio:
        own = _size(s, images)
        scale = min(np.float32(height / own[0]), np.float32(width / own[1]))
        height, width = (round(float(scale * np.float32(n))) for n in own)
    if "v1" in s.function:
        return _older(s, images, [height, width], name, bool(align_corners))
    return _resized(s, images, [height, width], name, bool(antialias) and name not in ("nearest", "area"))


@_add("image.resize_bilinear", "image.resize_nearest_neighbor", "image.resize_bicubic", "image.resize_area",
      "compat.v1.image.resize_bilinear", "compat.v1.image.resize_nearest_neighbor", "compat.v1.image.resize_bicubic",
      "compat.v1.image.resize_area")  # fmt: skip
def _resize_by_method(
    s: Steps, images: Any, size: Any, align_corners: Any = False, half_pixel_centers: Any = False
) -> Any:
    method = s.function.rpartition("resize_")[2].removesuffix("_neighbor")
    sizes = s.integers(size, "size")
    if half_pixel_centers:
        return _resized(s, images, sizes, method)
    return _older(s, images, sizes, method, bool(align_corners))


def _older(s: Steps, images: Any, size: list[int], method: str, align_corners: bool) -> Any:
    """As TensorFlow 1 places pixels: output o at ``o·in/out``, or ``o·(in - 1)/(out - 1)`` with `align_corners`."""
    if method == "area":
        return _resized(s, images, size, method)
    if method not in ("nearest", "bilinear"):
        raise s.refuse(f"the method `{method}` of TensorFlow 1, without `half_pixel_centers`, is not supported")
    bounded(s, list(size))
    for axis, wanted in zip((1, 2), size, strict=True):
        own = s.size(images, axis)
        if own == wanted:
            continue
        scale = (own - 1) / (wanted - 1) if align_corners and wanted > 1 else own / wanted
        at = np.arange(wanted) * np.float32(scale)
        if method == "nearest":
            places = np.floor(at + 0.5) if align_corners else np.floor(at)
            images = s("take", images, np.minimum(places, own - 1).astype(int), axis=axis)
            continue
        low = np.floor(at).astype(int)
        share = (at - low)[:, None] if axis == 2 else (at - low)[:, None, None]
        below, above = (s("take", images, np.minimum(low + i, own - 1), axis=axis) for i in (0, 1))
        images = s("add", below, s("multiply", s("subtract", above, below), share))
    return images


@_add("image.resize_with_pad", "compat.v1.image.resize_image_with_pad")
def _resize_with_pad(
    s: Steps, image: Any, target_height: Any, target_width: Any, method: Any = "bilinear", antialias: Any = False
) -> Any:
    wanted = s.integer(target_height, "target_height"), s.integer(target_width, "target_width")
    own = _size(s, image)
    ratio = max(own[1] / wanted[1], own[0] / wanted[0])
    inner = [math.floor(own[0] / ratio), math.floor(own[1] / ratio)]
    y = _resized(s, image, inner, str(method), bool(antialias))
    before = [max(0, math.floor((n - own_n / ratio) / 2)) for n, own_n in zip(wanted, own, strict=True)]
    pads = [[b, n - i - b] for b, n, i in zip(before, wanted, inner, strict=True)]
    return s("pad", y, pad_width=[[0, 0], *pads, [0, 0]])


@_add("image.resize_with_crop_or_pad", "image.resize_image_with_crop_or_pad",
      "compat.v1.image.resize_image_with_crop_or_pad")  # fmt: skip
def _resize_with_crop_or_pad(s: Steps, image: Any, target_height: Any, target_width: Any) -> Any:
    wanted = s.integer(target_height, "target_height"), s.integer(target_width, "target_width")
    for axis, (size, own) in enumerate(zip(wanted, _size(s, image), strict=True), 1):
        if size < own:
            start = (own - size) // 2
            image = s("get_item", image, key=[":"] * axis + [f"{start}:{start + size}"])
        elif size > own:
            before = (size - own) // 2
            pads = [[before, size - own - before] if a == axis else [0, 0] for a in range(4)]
            image = s("pad", image, pad_width=pads)
    return image


@_add("image.crop_to_bounding_box")
def _crop(s: Steps, image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Any:
    top, left, height, width = (
        s.integer(value, "offset") for value in (offset_height, offset_width, target_height, target_width)
    )
    return s("get_item", image, key=[":", f"{top}:{top + height}", f"{left}:{left + width}"])


@_add("image.pad_to_bounding_box")
def _pad(s: Steps, image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Any:
    top, left, height, width = (
        s.integer(value, "offset") for value in (offset_height, offset_width, target_height, target_width)
    )
    own = _size(s, image)
    return s("pad", image, pad_width=[[0, 0], [top, height - top - own[0]], [left, width - left - own[1]], [0, 0]])


@_add("image.central_crop")
def _central_crop(s: Steps, image: Any, central_fraction: Any) -> Any:
    share = float(as_array(central_fraction, "`central_fraction`"))
    key: list[str] = [":"]
    for own in _size(s, image):
        start = int((own - own * share) / 2)
        key.append(f"{start}:{own - start}")
    return s("get_item", image, key=key)


@_add("image.flip_left_right", "image.flip_up_down")
def _flip(s: Steps, image: Any) -> Any:
    return s("flip", image, axis=2 if "left" in s.function else 1)


@_add("image.rot90")
def _rot90(s: Steps, image: Any, k: Any = 1) -> Any:
    turns = s.integer(k, "k") % 4
    if turns == 0:
        return s("identity", image)
    if turns == 2:
        return s("flip", image, axis=[1, 2])
    y = s("swapaxes", image, axis1=1, axis2=2)
    return s("flip", y, axis=1 if turns == 1 else 2)


# --- colours


@_add("image.rgb_to_grayscale")
def _rgb_to_grayscale(s: Steps, images: Any) -> Any:
    return s("rgb_to_grayscale", images)


@_add("image.grayscale_to_rgb")
def _grayscale_to_rgb(s: Steps, images: Any) -> Any:
    return s("repeat", images, repeats=3, axis=-1)


_MATRICES = {
    "image.rgb_to_yuv": _YUV, "image.yuv_to_rgb": _RGB_OF_YUV, "image.rgb_to_yiq": _YIQ,
    "image.yiq_to_rgb": _RGB_OF_YIQ,
}  # fmt: skip


@_add(*_MATRICES)
def _by_matrix(s: Steps, images: Any) -> Any:
    return s("matmul", images, _MATRICES[s.function])


@_add("image.rgb_to_hsv")
def _rgb_to_hsv(s: Steps, images: Any) -> Any:
    return s("rgb_to_hsv", images)


@_add("image.hsv_to_rgb")
def _hsv_to_rgb(s: Steps, images: Any) -> Any:
    return s("hsv_to_rgb", images)


@_add("image.adjust_brightness")
def _adjust_brightness(s: Steps, image: Any, delta: Any) -> Any:
    return s("add", image, delta)


@_add("image.adjust_contrast")
def _adjust_contrast(s: Steps, images: Any, contrast_factor: Any) -> Any:
    mean = s("mean", images, axis=[-3, -2], keepdims=True)
    return s("add", s("multiply", s("subtract", images, mean), contrast_factor), mean)


@_add("image.adjust_gamma")
def _adjust_gamma(s: Steps, image: Any, gamma: Any = 1, gain: Any = 1) -> Any:
    return s("multiply", s("power", image, float(as_array(gamma, "`gamma`"))), float(as_array(gain, "`gain`")))


@_add("image.adjust_hue")
def _adjust_hue(s: Steps, image: Any, delta: Any) -> Any:
    hsv = s("rgb_to_hsv", image)
    hue = s("add", s("get_item", hsv, key=["...", ":1"]), delta)
    turned = s("subtract", hue, s("floor", hue))
    return s("hsv_to_rgb", s("concatenate", turned, s("get_item", hsv, key=["...", "1:"]), axis=-1))


@_add("image.adjust_saturation")
def _adjust_saturation(s: Steps, image: Any, saturation_factor: Any) -> Any:
    hsv = s("rgb_to_hsv", image)
    saturation = clip(s, s("multiply", s("get_item", hsv, key=["...", "1:2"]), saturation_factor), 0.0, 1.0)
    parts = s("get_item", hsv, key=["...", ":1"]), saturation, s("get_item", hsv, key=["...", "2:"])
    return s("hsv_to_rgb", s("concatenate", *parts, axis=-1))


@_add("image.per_image_standardization")
def _per_image_standardization(s: Steps, image: Any) -> Any:
    height, width = _size(s, image)
    pixels = height * width * s.size(image, 3)
    mean = s("mean", image, axis=[1, 2, 3], keepdims=True)
    deviation = s("maximum", s("std", image, axis=[1, 2, 3], keepdims=True), 1 / math.sqrt(pixels))
    return s("divide", s("subtract", image, mean), deviation)


@_add("image.convert_image_dtype")
def _convert_image_dtype(s: Steps, image: Any, dtype: Any, saturate: Any = False) -> Any:
    if not str(dtype).startswith("float") or s.type_of(image).dtype != "float32":
        raise s.refuse("between integers and floats it scales by the range of the integers, which modelc does not know")
    return s("identity", image)


# --- measures


@_add("image.image_gradients")
def _image_gradients(s: Steps, image: Any) -> Any:
    made: list[Any] = []
    for axis in (1, 2):
        size = s.size(image, axis)
        near = s("get_item", image, key=[":"] * axis + [f":{size - 1}"])
        far = s("get_item", image, key=[":"] * axis + ["1:"])
        pads = [[0, 1] if a == axis else [0, 0] for a in range(4)]
        made.append(s("pad", s("subtract", far, near), pad_width=pads))
    return made


@_add("image.total_variation")
def _total_variation(s: Steps, images: Any) -> Any:
    down, right = _image_gradients(s, images)
    return s("add", s("sum", s("abs", down), axis=[1, 2, 3]), s("sum", s("abs", right), axis=[1, 2, 3]))


@_add("image.psnr")
def _psnr(s: Steps, a: Any, b: Any, max_val: Any) -> Any:
    error = s("mean", s("square", s("subtract", a, b)), axis=[-3, -2, -1])
    return s("subtract", 20 * math.log10(float(as_array(max_val, "`max_val`"))), s("multiply", s("log10", error), 10.0))


@_add("image.extract_patches", "compat.v1.extract_image_patches")
def _extract_patches(s: Steps, images: Any, sizes: Any, strides: Any, rates: Any, padding: Any) -> Any:
    (_, *size, _), (_, *steps, _), (_, *dilation, _) = (s.integers(v, "sizes") for v in (sizes, strides, rates))
    return s("extract_patches", images, size=size, strides=steps, dilation_rate=dilation, padding=str(padding).lower())


# --- blocks


@_add("nn.depth_to_space", "compat.v1.depth_to_space", "depth_to_space", "compat.v1.nn.depth_to_space")
def _depth_to_space(s: Steps, input: Any, block_size: Any, data_format: Any = "NHWC") -> Any:
    if channels_first(data_format):
        raise s.refuse("`NCHW` is not supported")
    return s("depth_to_space", input, block_size=s.integer(block_size, "block_size"))


@_add("nn.space_to_depth", "compat.v1.space_to_depth", "space_to_depth", "compat.v1.nn.space_to_depth")
def _space_to_depth(s: Steps, input: Any, block_size: Any, data_format: Any = "NHWC") -> Any:
    if channels_first(data_format):
        raise s.refuse("`NCHW` is not supported")
    return s("space_to_depth", input, block_size=s.integer(block_size, "block_size"))

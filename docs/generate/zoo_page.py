"""docs/zoo.md: a gallery of the architectures in modelc, each with a picture and its costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zoo_picture import COSTS, SHOWN

from modelc import zoo
from modelc.model.loading import load_spec
from modelc.pages.kinds import COST_LABELS, KINDS
from modelc.pages.picture import ModelPicture, picture_of
from modelc.text.amounts import format_bytes

_FAMILIES = {
    "convnext": "ConvNeXt", "densenet": "DenseNet", "efficientnet_v2": "EfficientNetV2", "efficientnet": "EfficientNet",
    "inception_resnet": "Inception-ResNet", "inception": "Inception", "mobilenet_v3": "MobileNetV3",
    "mobilenet_v2": "MobileNetV2", "mobilenet": "MobileNet", "nasnet": "NASNet", "resnet_v2": "ResNet V2",
    "resnet": "ResNet", "vgg": "VGG", "xception": "Xception",
}  # fmt: skip
"""The titles of families, by what the names of their members begin with (of ResNet V2, also what they end with)."""


def zoo_model(name: str) -> ModelPicture:
    """What is shown of an architecture."""
    return picture_of(load_spec(zoo.path(name)))


def zoo_page(models: Mapping[str, ModelPicture]) -> str:
    """The page of these architectures, by name."""
    marks = ", ".join(f"{KINDS[kind].label} {_mark(KINDS[kind].colour)}" for kind in SHOWN[:4])
    rows = ", ".join(f"{COST_LABELS[cost]} {_mark(colour)}" for cost, colour in COSTS)
    families: dict[str, dict[str, ModelPicture]] = {}
    for name, model in models.items():
        families.setdefault(_family(name), {})[name] = model
    return "\n".join([
        "# The zoo\n",
        f"The {len(models)} architectures of `keras.applications` are included as specs: `zoo:NAME` is accepted "
        "wherever a spec is named, and `modelc zoo show NAME` prints it. Layers, names, shapes, counts and outputs are "
        "those of Keras; `modelc zoo fetch NAME` downloads the weights that Keras publishes "
        "([more](spec.md#the-zoo)).\n",
        "In the pictures, each stripe is a layer, from the input to the classes, as high as its output is (the numbers "
        f"are pixels): {marks}. Below is where the costs are: {rows}. The memory of a call is that for one picture, "
        "besides the weights.\n",
        *(line for title, family in families.items() for line in _section(title, family)),
    ])  # fmt: skip


def _mark(colour: str) -> str:
    return f'<span style="color: {colour}">■</span>'


def _family(name: str) -> str:
    if name.startswith("resnet") and name.endswith("_v2"):
        return _FAMILIES["resnet_v2"]
    return next(title for start, title in _FAMILIES.items() if name.startswith(start))


def _section(title: str, models: Mapping[str, ModelPicture]) -> Iterator[str]:
    about, _, address = zoo.description(next(iter(models))).partition(": ")[2].rpartition(", ")
    yield f"## {title}\n"
    yield f"[{about}]({address})\n"
    yield '<div class="grid cards" markdown>\n'
    for name in sorted(models, key=lambda name: models[name].summary.params):
        yield zoo_card(name, models[name])
    yield "</div>\n"


def zoo_card(name: str, model: ModelPicture) -> str:
    """The entry of an architecture: its picture, and what it costs."""
    summary = model.summary
    memory = summary.activation_memory
    assert summary.macs is not None
    assert memory is not None
    size = "×".join(map(str, summary.graph.inputs[0].type.shape[1:]))
    return "\n".join([
        f"-   ![{name}](zoo/{name}.svg)\n",
        f"    **{name}** · {size}<br>",
        f"    {_short(summary.params)} parameters · {_short(summary.macs)} MACs<br>",
        f"    {format_bytes(4 * summary.params)} of weights, {format_bytes(memory)} for a call\n",
    ])  # fmt: skip


def _short(number: int) -> str:
    """A number with three digits and a prefix: 25.6 M."""
    for size, prefix in ((10**9, " G"), (10**6, " M")):
        if number >= size:
            return f"{number / size:.3g}{prefix}"
    return f"{number:,}"

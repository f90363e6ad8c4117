"""The pages of docs/ that are generated, the stubs, and the types of the names of functions."""

from __future__ import annotations

from api_pages import api_pages
from commands import cli_page
from diagnostics import diagnostics_page
from keras_names import keras_names_page
from keras_page import keras_layers_page
from kinds import kinds_module
from layer_pages import layers_page
from onnx_page import onnx_page
from operations_page import keras_ops_page
from option_pages import activations_page, initializers_page, regularizers_page
from pytorch_page import pytorch_page
from semantics_page import semantics_page
from stubs import PACKAGES, stub
from training_pages import callbacks_page, keys_page, losses_page, metrics_page, optimizers_page
from zoo_page import zoo_model, zoo_page
from zoo_picture import zoo_picture

from modelc import zoo

PAGES = {
    "layers.md": layers_page,
    "keras-layers.md": keras_layers_page,
    "keras-ops.md": keras_ops_page,
    "keras-names.md": keras_names_page,
    "semantics.md": semantics_page,
    "pytorch.md": pytorch_page,
    "activations.md": activations_page,
    "initializers.md": initializers_page,
    "regularizers.md": regularizers_page,
    "training-keys.md": keys_page,
    "optimizers.md": optimizers_page,
    "losses.md": losses_page,
    "metrics.md": metrics_page,
    "callbacks.md": callbacks_page,
    "diagnostics.md": diagnostics_page,
    "cli.md": cli_page,
    "onnx.md": onnx_page,
}
NOTE = "<!-- Made by `python docs/generate`: change the code that it describes, then run that again. -->\n\n"


def made() -> dict[str, str]:
    """The text of each generated file by its path."""
    pages = {f"docs/{name}": NOTE + make() for name, make in PAGES.items()}
    pages |= {f"docs/api/{name}.md": NOTE + text for name, text in api_pages().items()}
    pages["modelc/functions/kinds.py"] = kinds_module()
    return pages | {f"modelc/{package}/__init__.pyi": stub(package) for package in PACKAGES}


def gallery() -> dict[str, str]:
    """The text of the gallery's page and of its pictures. It takes long: 40 models are traced and planned."""
    models = {name: zoo_model(name) for name in zoo.names()}
    pictures = {f"docs/zoo/{name}.svg": zoo_picture(model) for name, model in models.items()}
    return {"docs/zoo.md": NOTE + zoo_page(models)} | pictures

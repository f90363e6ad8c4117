"""docs/keras-names.md: the public names of Keras's models, layers and utilities against modelc's.

Keras's names are recorded here, since pages are made without Keras; tests/test_keras_names.py holds them to Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import modelc
from modelc import utils
from modelc.layers import LAYERS

_CODE = "code of a class of one's own, which a model that is data does not have: express it by layers"
_TRAINER = "one's own steps of training are code: `compile` and `fit` with the losses, metrics and callbacks there are"
_FLOAT = "all is float32; int32 inputs are converted"
_MASK = "masks follow from the layers, and are part of the graph"
_STATE = "`training_state()` and the callback `BackupAndRestore` keep what a run goes on from"
_QUANTIZE = "models are not quantized; quantized files of Keras are read as float32"
_COMPILED = "all is compiled, before the first call"
_JAX = "functions without state are for transformations of JAX"
_FILES = "files are read and written as a whole, by `save`, `load`, `save_weights` and `load_weights`"
_BUILDS = "weights follow from the shapes: nothing else is needed to make them"
_OBJECTS = "classes are looked up in closed tables, and never registered: a file cannot name others"
_TEXTS = "models take numbers"


@dataclass(frozen=True)
class Surface:
    """What has names: in Keras, and here."""

    title: str
    ours: Any
    """What the names are looked up in."""
    names: str
    """Keras's, those that are no user's left out: of tracking, of the backends."""
    missing: Mapping[str, str]
    """Reasons, with the names that they are for."""

    def reasons(self) -> dict[str, str]:
        """The reason for each name that modelc does not have."""
        return {name: reason for reason, names in self.missing.items() for name in names.split()}

    def present(self) -> list[str]:
        """The names that modelc has. Raises `ValueError` where a name is neither there nor explained, or both."""
        names, reasons = self.names.split(), self.reasons()
        there = [name for name in names if _has(self.ours, name)]
        wrong = {*there} & {*reasons} or {*names} ^ {*there, *reasons}
        if wrong:
            raise ValueError(f"{self.title}: neither there nor explained, or both: {sorted(wrong)}")
        return there


def _has(owner: Any, name: str) -> bool:
    return name in getattr(owner, "model_fields", {}) or hasattr(owner, name)


_BOTH = """
    add_loss add_metric add_variable add_weight build build_from_config built call compute_dtype compute_mask
    compute_output_shape compute_output_spec count_params dtype dtype_policy from_config get_build_config get_config
    get_weights input input_dtype input_spec load_own_variables losses metrics metrics_variables name
    non_trainable_variables non_trainable_weights output path quantization_mode quantize quantized_build quantized_call
    rematerialized_call save_own_variables set_weights stateless_call supports_masking symbolic_call trainable
    trainable_variables trainable_weights variable_dtype variables weights
"""

_MISSING_IN_BOTH = {
    _CODE: "add_loss add_metric add_variable add_weight compute_output_spec losses symbolic_call",
    _FLOAT: "compute_dtype dtype_policy input_dtype variable_dtype",
    _QUANTIZE: "quantization_mode quantize quantized_build quantized_call",
    _JAX: "stateless_call",
    _FILES: "load_own_variables save_own_variables",
    _BUILDS: "build_from_config get_build_config input_spec",
    "`memory_limit` of `compile` has activations recomputed": "rematerialized_call",
    "names are those of layers; variables have paths": "path",
}

SURFACES = {
    "Model": Surface(
        "Models",
        modelc.Sequential,
        f"""
        {_BOTH} add compile compile_from_config compiled compute_loss compute_metrics evaluate export fit
        get_compile_config get_layer get_metrics_result get_quantization_layer_structure get_state_tree input_shape
        inputs jit_compile layers load_weights loss make_predict_function make_test_function make_train_function
        metrics_names optimizer output_shape outputs pop predict predict_on_batch predict_step reset_metrics run_eagerly
        save save_weights set_state_tree stateless_compute_loss stop_training summary test_on_batch test_step to_json
        train_on_batch train_step
        """,
        {
            **_MISSING_IN_BOTH,
            _CODE: f"{_MISSING_IN_BOTH[_CODE]} call",
            _FLOAT: f"{_MISSING_IN_BOTH[_FLOAT]} dtype",
            _QUANTIZE: f"{_MISSING_IN_BOTH[_QUANTIZE]} get_quantization_layer_structure",
            _MASK: "compute_mask supports_masking",
            "`output_shape` is that of the model; a spec has `with_input_shape`": "compute_output_shape",
            _TRAINER: """
                compute_loss compute_metrics get_metrics_result make_predict_function make_test_function
                make_train_function predict_step stateless_compute_loss test_step train_step
            """,
            "`fit`, `evaluate` and `metrics_names` tell metrics by name": "metrics metrics_variables",
            "`compile` is asked again; a spec has `training`": "compile_from_config get_compile_config loss",
            _STATE: "get_state_tree set_state_tree",
            _COMPILED: "jit_compile run_eagerly",
            "`save`, `export_onnx` and `export_c` write files for other programs": "export",
        },
    ),
    "Layer": Surface(
        "Layers",
        LAYERS["Dense"],
        _BOTH,
        {
            **_MISSING_IN_BOTH,
            "weights are made by the first call, or by the model that a layer is added to": "build",
            _MASK: "compute_mask",
            "layers have none: a model has metrics": "metrics metrics_variables",
        },
    ),
    "utils": Surface(
        "keras.utils",
        utils,
        """
        Config CustomObjectScope FeatureSpace Progbar PyDataset Sequence array_to_img audio_dataset_from_directory
        bounding_boxes clear_session custom_object_scope deserialize_keras_object disable_interactive_logging
        enable_interactive_logging get_custom_objects get_file get_registered_name get_registered_object
        get_source_inputs image_dataset_from_directory img_to_array is_interactive_logging_enabled is_keras_tensor
        load_img model_to_dot normalize pack_x_y_sample_weight pad_sequences plot_model register_keras_serializable
        save_img serialize_keras_object set_random_seed split_dataset standardize_dtype text_dataset_from_directory
        timeseries_dataset_from_array to_categorical unpack_x_y_sample_weight
        """,
        {
            _OBJECTS: """
                CustomObjectScope custom_object_scope get_custom_objects get_registered_name get_registered_object
                register_keras_serializable
            """,
            "`modelc.layers.serialize` and `deserialize` do so for layers": """
                deserialize_keras_object serialize_keras_object
            """,
            "any object with `__len__` and `__getitem__` gives batches, and any iterable": "PyDataset Sequence",
            "`fit` takes (x, y, weights) by itself": "pack_x_y_sample_weight unpack_x_y_sample_weight",
            "`validation_split` of `fit` and of `pictures` splits; arrays are split by slices": "split_dataset",
            _TEXTS: "text_dataset_from_directory",
            "recordings are read by other libraries, into arrays": "audio_dataset_from_directory",
            "preprocessing of tables is made of layers such as Discretization and CategoryEncoding": "FeatureSpace",
            "`verbose` and the callback `ProgbarLogger` show progress": """
                Progbar disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled
            """,
            "`model.read_pictures` reads pictures as the model takes them; Pillow reads and writes others": """
                array_to_img img_to_array load_img save_img
            """,
            "`plot_model(model, None).to_dot()` is the text": "model_to_dot",
            "data is downloaded by other programs; `modelc zoo fetch` has the published weights": "get_file",
            "there is no global state": "Config clear_session",
            "boxes are no tensors": "bounding_boxes",
            "`model.inputs` and `layer.input` are symbolic tensors": "get_source_inputs is_keras_tensor",
            _FLOAT: "standardize_dtype",
        },
    ),
}


def keras_names_page() -> str:
    """The page."""
    parts = [
        "# Names of Keras\n",
        "Which public names of Keras 3.15 modelc has, and why it does not have the others. Other pages are about its "
        "[layers](keras-layers.md) and [functions](keras-ops.md). `Model`, `Sequential`, `Input`, `model_from_json` "
        "and `clone_model` are names of `modelc` itself; `keras.models.load_model` is `modelc.load`.\n",
    ]
    for surface in SURFACES.values():
        there = ", ".join(f"`{name}`" for name in sorted(surface.present()))
        parts += [f"## {surface.title}\n", f"{there}.\n", "| not there | |\n|---|---|"]
        parts += [
            f"| {', '.join(f'`{name}`' for name in sorted(names.split()))} | {reason} |"
            for reason, names in surface.missing.items()
        ]
        parts.append("")
    return "\n".join(parts)

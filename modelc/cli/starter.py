"""The text of the spec that `modelc init` writes."""

from __future__ import annotations

import json

_TEXT = """\
# A model for modelc. Try:  modelc summary {file}  ·  modelc check {file}  ·  modelc build {file}
modelc: 1                                # the version of the spec language
name: {name}
input: {{shape: [28, 28, 1]}}              # without the batch dimension; the default dtype is float32

vars:                                    # variables, used as ${{name}}; --set vars.width=64 overrides one
  width: 32

layers:                                  # from first to last, with Keras's names and options
  - {{type: Conv2D, filters: "${{width}}", kernel_size: 3, activation: relu}}
  - {{type: MaxPooling2D, pool_size: 2}}
  - repeat: 2                            # repeats these layers
    layers:
      - {{type: Conv2D, filters: 64, kernel_size: 3, padding: same}}
      - {{type: BatchNormalization}}
      - {{type: ReLU}}
  - {{type: GlobalAveragePooling2D, name: features}}
  - {{type: Dropout, rate: 0.5}}
  - {{type: Dense, units: 10, activation: softmax}}

# Views of the model. Each is also a command-line option, as in --truncate features.
# truncate: features                     # remove all layers after this one
# extract: ["conv2d*", features]         # return the outputs of these layers
# freeze: ":-1"                          # do not train these layers: here, all but the last
# weights: {name}.safetensors            # a weight file in the folder of this spec

limits: {{params: 100k, macs: 20M}}        # upper bounds that the commands enforce
"""


def starter_spec(stem: str) -> str:
    """A commented spec whose model is named after the file `stem`.yaml."""
    return _TEXT.format(file=f"{stem}.yaml", name=stem if _is_plain(stem) else json.dumps(stem, ensure_ascii=False))


def _is_plain(text: str) -> bool:
    """Whether YAML reads the unquoted text back as the same string, not as a number, boolean or null."""
    return (
        text.replace("_", "a").replace("-", "a").isalnum()
        and text[0].isalpha()
        and text.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    )

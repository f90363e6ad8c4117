"""The text of the spec that `modelc init` writes."""

from __future__ import annotations

import json

_TEXT = """\
# A model for modelc. Try:  modelc summary {file}  ·  modelc check {file}  ·  modelc build {file}
modelc: 1                                # the version of the spec language
name: {name}
input: {{shape: [28, 28, 1]}}              # one sample, without the batch; dtype: float32 unless said

vars:                                    # values to use below as ${{name}}; --set vars.width=64 changes one
  width: 32

layers:                                  # from first to last; names and options are those of Keras
  - {{type: Conv2D, filters: "${{width}}", kernel_size: 3, activation: relu}}
  - {{type: MaxPooling2D, pool_size: 2}}
  - repeat: 2                            # the same layers several times
    layers:
      - {{type: Conv2D, filters: 64, kernel_size: 3, padding: same}}
      - {{type: BatchNormalization}}
      - {{type: ReLU}}
  - {{type: GlobalAveragePooling2D, name: features}}
  - {{type: Dropout, rate: 0.5}}
  - {{type: Dense, units: 10, activation: softmax}}

# Views of the model. Each can also be given to a command, as in --truncate features.
# truncate: features                     # keep the layers up to and with this one
# extract: ["conv2d*", features]         # return the outputs of these layers
# freeze: ":-1"                          # training leaves these alone: here, all but the last
# weights: {name}.safetensors            # a file beside this one

limits: {{params: 100k, macs: 20M}}        # budgets that check, summary and build enforce
"""


def starter_spec(stem: str) -> str:
    """A commented spec whose model is named after the file `stem`.yaml."""
    return _TEXT.format(file=f"{stem}.yaml", name=stem if _is_plain(stem) else json.dumps(stem, ensure_ascii=False))


def _is_plain(text: str) -> bool:
    """Whether YAML reads the text back as itself without quotes: a word that is no number, true, false or null."""
    return (
        text.replace("_", "a").replace("-", "a").isalnum()
        and text[0].isalpha()
        and text.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    )

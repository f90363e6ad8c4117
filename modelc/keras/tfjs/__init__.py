"""Models of TensorFlow.js, as `model.json` and the shards of its weights hold them: the layers-model format.

https://github.com/tensorflow/tfjs/tree/master/tfjs-converter describes it. `model.read_tfjs` is the entry.
"""
